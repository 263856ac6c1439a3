import { afterEach, describe, expect, test } from '@jest/globals';
import {
  listen,
  mintByAssumeRole,
  verifyWithSecret,
  type AssumeRoleCall,
  type Listening,
  type MintByAssumeRoleInit,
  type MintRequest,
  type RawHandler,
} from '../src/index.js';

const credentials = { accessKeyId: 'AKIAEXAMPLEEXAMPLE00', secretAccessKey: 'not-a-secret' };
const request: MintRequest = {
  roleArn: 'arn:aws:iam::111122223333:role/ra',
  accountId: '111122223333',
  region: 'us-east-1',
  roleSessionName: '01a2',
  durationSeconds: 900,
  sourceIdentity: 'CN=a b',
  sessionTags: { 'x509Subject/CN': 'a b' },
  issuedAt: new Date('2020-01-01T00:00:00Z'),
};

const ANSWER = `<?xml version="1.0" encoding="UTF-8"?>
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>xyz:01a2</AssumedRoleId><Arn>arn:aws:sts:::assumed-role/ra/01a2</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>short1</AccessKeyId><SecretAccessKey>a&amp;b&#x2F;c</SecretAccessKey>
<SessionToken>dG9rZW4=</SessionToken><Expiration>2026-03-04T06:06:07.123Z</Expiration></Credentials>
<PackedPolicySize>3</PackedPolicySize></AssumeRoleResult></AssumeRoleResponse>`;

let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close();
  listening = undefined;
});

/** A back end that verifies the signature and shows what it was asked. */
async function backEnd(answer: {
  status: number;
  body: string;
}): Promise<{ url: string; asked: URLSearchParams[] }> {
  const asked: URLSearchParams[] = [];
  const handle: RawHandler = async (raw) => {
    const verdict = verifyWithSecret(raw, {
      findSecret: (id) => (id === credentials.accessKeyId ? credentials : undefined),
      now: new Date(),
      services: ['sts'],
    });
    asked.push(new URLSearchParams(Buffer.from(raw.body).toString('utf8')));
    return { ...(verdict.ok ? answer : { status: 403, body: verdict.reason }), headers: {} };
  };
  listening = await listen(handle);
  return { url: listening.url, asked };
}

const mintAt = (endpoint: string, more: Partial<MintByAssumeRoleInit> = {}) =>
  mintByAssumeRole({ endpoint, region: 'us-east-1', credentials, ...more })(request);

describe('over a real connection', () => {
  test('the call is signed, and the answer becomes credentials', async () => {
    const { url, asked } = await backEnd({ status: 200, body: ANSWER });
    expect(await mintAt(url)).toEqual({
      accessKeyId: 'short1',
      secretAccessKey: 'a&b/c',
      sessionToken: 'dG9rZW4=',
      expiration: new Date('2026-03-04T06:06:07.123Z'),
      assumedRoleArn: 'arn:aws:sts:::assumed-role/ra/01a2',
      assumedRoleId: 'xyz:01a2',
      packedPolicySize: 3,
    });
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: request.roleArn,
      RoleSessionName: '01a2',
      DurationSeconds: '900',
    });
  });

  test('tags and source identity are passed when asked for', async () => {
    const { url, asked } = await backEnd({ status: 200, body: ANSWER });
    await mintAt(url, { passTags: true });
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
      SourceIdentity: 'CN=a b',
      'Tags.member.1.Key': 'x509Subject/CN',
      'Tags.member.1.Value': 'a b',
    });
  });

  test('the role may have another ARN there', async () => {
    const { url, asked } = await backEnd({ status: 200, body: ANSWER });
    await mintAt(url, { mapRoleArn: (arn) => arn.replace('111122223333', '') });
    expect(asked[0]?.get('RoleArn')).toBe('arn:aws:iam:::role/ra');
  });

  test('a refusal carries code and message of the back end', async () => {
    const body =
      '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no &lt;way&gt;</Message></Error></ErrorResponse>';
    const { url } = await backEnd({ status: 403, body });
    await expect(mintAt(url)).rejects.toMatchObject({
      name: 'MintError',
      code: 'ASSUME_ROLE_REFUSED',
      message: 'AssumeRole: AccessDenied: no <way>',
    });
  });

  test('a wrong secret is refused by the back end', async () => {
    const { url } = await backEnd({ status: 200, body: ANSWER });
    const wrong = { ...credentials, secretAccessKey: 'another' };
    await expect(mintAt(url, { credentials: wrong })).rejects.toMatchObject({ code: 'ASSUME_ROLE_REFUSED' });
  });

  test('a redirect is not followed', async () => {
    const { url, asked } = await backEnd({ status: 302, body: '' });
    await expect(mintAt(url)).rejects.toMatchObject({
      code: 'ASSUME_ROLE_FAILED',
      message: 'AssumeRole answered 302',
    });
    expect(asked).toHaveLength(1);
  });

  test('an answer without end is cut off', async () => {
    const { url } = await backEnd({ status: 200, body: 'x'.repeat(1_100_000) });
    await expect(mintAt(url)).rejects.toMatchObject({ code: 'ASSUME_ROLE_FAILED' });
  });

  test('a back end that does not answer in time is a failure', async () => {
    listening = await listen(() => new Promise(() => undefined));
    await expect(mintAt(listening.url, { timeoutMilliseconds: 50 })).rejects.toMatchObject({
      code: 'ASSUME_ROLE_FAILED',
    });
  });

  test('nobody listening is a failure, not a refusal', async () => {
    await expect(mintAt('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'ASSUME_ROLE_FAILED' });
  });
});

const failing = async () => ({ status: 503, body: '' });

test('a fault of the back end is a failure', async () => {
  await expect(mintAt('http://sts.example/', { transport: failing })).rejects.toMatchObject({
    code: 'ASSUME_ROLE_FAILED',
  });
});

test.each([
  ['no credentials', '<x/>'],
  ['an element twice', ANSWER.replace('<SessionToken>', '<AccessKeyId>second</AccessKeyId><SessionToken>')],
  ['an empty secret', ANSWER.replace('a&amp;b&#x2F;c', '')],
  ['an expiration that is no date', ANSWER.replace('2026-03-04T06:06:07.123Z', 'soon')],
])('an answer with %s is a failure that quotes nothing', async (_, body) => {
  const transport = async () => ({ status: 200, body });
  const failure = await mintAt('http://sts.example/', { transport }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'ASSUME_ROLE_FAILED' });
  expect(String(failure)).not.toMatch(/short1|dG9rZW4/);
});

test('the signature uses the time of this machine, whatever the emulator shows', async () => {
  const calls: AssumeRoleCall[] = [];
  const transport = async (call: AssumeRoleCall) => {
    calls.push(call);
    return { status: 200, body: ANSWER };
  };
  await mintAt('https://sts.example/base', { transport, clock: () => new Date('2026-11-12T13:14:15Z') });
  expect(calls[0]?.headers['X-Amz-Date']).toBe('20261112T131415Z');
  expect(calls[0]?.url).toBe('https://sts.example/base');
});

test.each(['sts.example', 'ftp://sts.example', 'http://a:b@sts.example', 'http://sts.example/?x=1'])(
  'the endpoint %s is refused at once',
  (endpoint) => {
    expect(() => mintByAssumeRole({ endpoint, region: 'us-east-1', credentials })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  },
);
