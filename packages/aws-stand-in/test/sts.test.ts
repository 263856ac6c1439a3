import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signWithSecret, type RawRequest } from '@rolesanywhere/emulator';

import { serve, sessionOf, stsClient, user, type Served } from './clients.js';

const session = sessionOf();
const expired = sessionOf({ accessKeyId: 'ASIAEXPIRED000000001', expiration: new Date(Date.now() - 1000) });
const roleArn = 'arn:aws:iam::111122223333:role/path/Deploy';

const form = (parts: Partial<RawRequest> = {}): RawRequest => ({
  method: 'GET',
  target: '/?Action=GetCallerIdentity&Version=2011-06-15',
  rawHeaders: [['Host', 'sts.amazonaws.com']],
  body: new Uint8Array(),
  ...parts,
});
const signed = (request: RawRequest) =>
  signWithSecret(request, session, { region: 'us-east-1', service: 'sts', at: new Date() });

let served: Served;
beforeAll(async () => {
  served = await serve({
    findSession: (id) => [session, expired].find(({ accessKeyId }) => accessKeyId === id),
    roles: [{ roleName: 'Deploy', maximumSessionDurationSeconds: 7200 }],
    authorize: ({ caller, action }) => action !== 'sts:AssumeRole' || caller.arn.includes(':user/'),
  });
});
afterAll(() => served.close());

describe('GetCallerIdentity', () => {
  test('says who a session is', async () => {
    const identity = await stsClient(served.url, session).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      UserId: 'AROAEXAMPLEROLE000001:0f',
      Account: '111122223333',
      Arn: 'arn:aws:sts::111122223333:assumed-role/ExampleRole/0f',
    });
    expect(identity.$metadata.requestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('says who a user is, always the same', async () => {
    const client = stsClient(served.url, user);
    const identity = await client.send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe('arn:aws:iam::111122223333:user/tester');
    expect(identity.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
    expect((await client.send(new GetCallerIdentityCommand({}))).UserId).toBe(identity.UserId);
  });

  test('may be asked in the query of a GET', async () => {
    const answer = await served.aws.handle(signed(form()));
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<UserId>AROAEXAMPLEROLE000001:0f</UserId>');
    expect(answer.headers['x-amzn-requestid']).toBe(answer.headers['x-amz-request-id']);
  });

  test.each([
    ['an unknown action', '/?Action=Nothing&Version=2011-06-15'],
    ['the name of an object member', '/?Action=toString&Version=2011-06-15'],
    ['no action', '/?Version=2011-06-15'],
    ['another version', '/?Action=GetCallerIdentity&Version=2010-05-08'],
  ])('%s is refused with InvalidAction', async (_, target) => {
    const answer = await served.aws.handle(signed(form({ target })));
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('<Code>InvalidAction</Code>');
  });

  test('text of the caller cannot become markup', async () => {
    const target = '/?Action=%3Cb%3E%26%22&Version=2011-06-15';
    const answer = await served.aws.handle(signed(form({ target })));
    expect(answer.body).toContain('&lt;b&gt;&amp;&quot;');
  });
});

describe('AssumeRole', () => {
  const input = { RoleArn: roleArn, RoleSessionName: 'ci@example' };

  test('gives a session that works at once', async () => {
    const answer = await stsClient(served.url, user).send(
      new AssumeRoleCommand({
        ...input,
        DurationSeconds: 7200,
        SourceIdentity: 'me',
        Tags: [{ Key: 'a', Value: 'b' }],
      }),
    );
    const {
      AccessKeyId = '',
      SecretAccessKey = '',
      SessionToken = '',
      Expiration,
    } = answer.Credentials ?? {};
    expect(AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Math.abs((Expiration?.getTime() ?? 0) - Date.now() - 7_200_000)).toBeLessThan(5_000);
    expect(answer.SourceIdentity).toBe('me');
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/Deploy/ci@example');
    const mine = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const identity = await stsClient(served.url, mine).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(answer.AssumedRoleUser?.Arn);
    expect(identity.UserId).toBe(answer.AssumedRoleUser?.AssumedRoleId);
    expect(served.aws.findSession(AccessKeyId)).toMatchObject({
      roleArn,
      sessionTags: { a: 'b' },
      sourceIdentity: 'me',
    });
  });

  test.each([
    ['another account', { RoleArn: 'arn:aws:iam::999999999999:role/Deploy' }, 'AccessDenied'],
    ['an unknown role', { RoleArn: 'arn:aws:iam::111122223333:role/Other' }, 'AccessDenied'],
    ['an ARN that is none', { RoleArn: 'role-without-an-arn-at-all' }, 'ValidationError'],
    ['a session name with a blank', { RoleSessionName: 'a b' }, 'ValidationError'],
    ['a session name of one character', { RoleSessionName: 'a' }, 'ValidationError'],
    ['a source identity with a blank', { SourceIdentity: 'a b' }, 'ValidationError'],
    ['899 seconds', { DurationSeconds: 899 }, 'ValidationError'],
    ['more than the role allows', { DurationSeconds: 7201 }, 'ValidationError'],
    ['a session policy', { Policy: '{}' }, 'ValidationError'],
  ])('with %s is refused', async (_, change, name) => {
    const sent = stsClient(served.url, user).send(new AssumeRoleCommand({ ...input, ...change }));
    await expect(sent).rejects.toMatchObject({ name });
  });

  test('is refused to whom the policy refuses it', async () => {
    const sent = stsClient(served.url, session).send(new AssumeRoleCommand(input));
    await expect(sent).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  });
});

describe('a request that does not verify', () => {
  const { sessionToken: _token, ...tokenless } = session;
  test.each([
    ['a wrong secret', { ...session, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
    ['an unknown key', { ...session, accessKeyId: 'ASIAUNKNOWN' }, 'InvalidClientTokenId'],
    ['no token', tokenless, 'InvalidClientTokenId'],
    ['a foreign token', { ...session, sessionToken: 'foreign' }, 'InvalidClientTokenId'],
    ['a token with a key that has none', { ...user, sessionToken: 'foreign' }, 'InvalidClientTokenId'],
    ['an expired session', expired, 'ExpiredToken'],
  ])('for %s is refused', async (_, credentials, name) => {
    const sent = stsClient(served.url, credentials).send(new GetCallerIdentityCommand({}));
    await expect(sent).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
  });

  test('for a clock an hour off is refused', async () => {
    const client = stsClient(served.url, session, { systemClockOffset: 3_600_000 });
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });

  test('without a signature is refused', async () => {
    const answer = await fetch(served.url, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });

  test('with an unreadable header is refused', async () => {
    const answer = await fetch(`${served.url}/?Action=GetCallerIdentity`, {
      headers: { authorization: 'AWS4 nothing' },
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>IncompleteSignature</Code>');
  });
});
