import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mintByAssumeRole, type MintRequest } from '@rolesanywhere/emulator';

import { serve, stsClient, user, type Served } from './clients.js';

const request: MintRequest = {
  roleArn: 'arn:aws:iam::111122223333:role/path/Deploy',
  accountId: '111122223333',
  region: 'us-east-1',
  roleSessionName: '0f',
  durationSeconds: 900,
  sourceIdentity: 'CN=Example Client',
  sessionTags: { 'x509Subject/CN': 'Example Client' },
  issuedAt: new Date(),
};

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

test('the emulator can take its credentials from here, and they work here', async () => {
  const mint = mintByAssumeRole({
    endpoint: served.url,
    region: 'us-east-1',
    credentials: user,
    passTags: true,
  });
  const minted = await mint({ ...request, sourceIdentity: 'example' });
  const identity = await stsClient(served.url, minted).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe('arn:aws:sts::111122223333:assumed-role/Deploy/0f');
  expect(identity.Arn).toBe(minted.assumedRoleArn);
  expect(served.aws.findSession(minted.accessKeyId)).toMatchObject({
    sourceIdentity: 'example',
    sessionTags: { 'x509Subject/CN': 'Example Client' },
  });
});

test('a refusal here becomes a refusal there', async () => {
  const mint = mintByAssumeRole({ endpoint: served.url, region: 'us-east-1', credentials: user });
  const foreign = { ...request, roleArn: 'arn:aws:iam::999999999999:role/Other' };
  await expect(mint(foreign)).rejects.toMatchObject({ code: 'ASSUME_ROLE_REFUSED' });
  const wrong = { ...user, secretAccessKey: 'wrong' };
  const unsigned = mintByAssumeRole({ endpoint: served.url, region: 'us-east-1', credentials: wrong });
  await expect(unsigned(request)).rejects.toMatchObject({ code: 'ASSUME_ROLE_REFUSED' });
});
