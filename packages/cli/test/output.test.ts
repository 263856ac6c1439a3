import { expect, test } from '@jest/globals';
import type { Session } from '@rolesanywhere/credential-provider';
import { credentialProcessOutput } from '../src/output.js';

const session: Session = {
  credentials: {
    accessKeyId: 'ASIAEXAMPLE000000001',
    secretAccessKey: 'exampleSecretKey/1',
    sessionToken: 'exampleToken==',
    expiration: new Date('2026-01-01T00:00:00.789Z'),
  },
  roleArn: 'arn:aws:iam::111122223333:role/ExampleRole',
  assumedRoleArn: 'arn:aws:sts::111122223333:assumed-role/ExampleRole/1234',
  assumedRoleId: 'AROAEXAMPLE:1234',
  $metadata: {},
};

test('the bytes are those of aws_signing_helper, with whole seconds and no newline', () => {
  expect(credentialProcessOutput(session)).toBe(
    '{"Version":1,"AccessKeyId":"ASIAEXAMPLE000000001","SecretAccessKey":"exampleSecretKey/1",' +
      '"SessionToken":"exampleToken==","Expiration":"2026-01-01T00:00:00Z"}',
  );
});

test('the account comes last when it is known', () => {
  expect(credentialProcessOutput({ ...session, accountId: '111122223333' })).toMatch(
    /"Expiration":"2026-01-01T00:00:00Z","AccountId":"111122223333"\}$/,
  );
});
