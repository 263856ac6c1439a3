import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { fromPem, fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import {
  listen,
  signWithSecret,
  type Listening,
  type RawHandler,
  type Verdict,
} from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';
import { createAccount } from '../src/account/account.js';

const REGION = 'eu-central-1';
const administrator = { accessKeyId: 'administrator', secretAccessKey: 'emulator' };
const keyAlgorithm = { type: 'EC' } as const;

let account: RawHandler;
let verdicts: Verdict[];
let listening: Listening;
let ca: IssuedCertificate;

beforeEach(async () => {
  verdicts = [];
  account = createAccount({ region: REGION, administrator, onVerdict: (verdict) => verdicts.push(verdict) });
  listening = await listen(account);
  ca = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm });
});

afterEach(() => listening.close());

interface Call {
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly by?: typeof administrator;
}

async function send({ service, method = 'POST', path = '/', body = '', by = administrator }: Call) {
  const request = {
    method,
    target: path,
    rawHeaders: [['host', '127.0.0.1']] as const,
    body: Buffer.from(body),
  };
  const { status, body: answer } = await account(
    signWithSecret(request, by, { at: new Date(), region: REGION, service }),
  );
  return { status, text: Buffer.from(answer).toString('utf8') };
}

function rolesAnywhere(path: string, input: object) {
  return send({ service: 'rolesanywhere', path, body: JSON.stringify(input) });
}

function iam(parameters: Readonly<Record<string, string>>) {
  return send({ service: 'iam', body: new URLSearchParams(parameters).toString() });
}

const source = () => ({
  sourceType: 'CERTIFICATE_BUNDLE',
  sourceData: { x509CertificateData: ca.certificatePem },
});

/** As the guide does it: trust anchor, role with a permission, profile; then an upload. */
async function upload(resource: string): Promise<void> {
  const anchor = await rolesAnywhere('/trustanchors', { name: 'example', source: source(), enabled: true });
  const { trustAnchor } = JSON.parse(anchor.text) as { trustAnchor: { trustAnchorArn: string } };
  await iam({ Action: 'CreateRole', RoleName: 'R', AssumeRolePolicyDocument: JSON.stringify(trustPolicy) });
  const statement = { Effect: 'Allow', Action: 's3:PutObject', Resource: resource };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  await iam({ Action: 'PutRolePolicy', RoleName: 'R', PolicyName: 'p', PolicyDocument: document });
  const roleArn = 'arn:aws:iam::111122223333:role/R';
  const made = await rolesAnywhere('/profiles', { name: 'example', roleArns: [roleArn], enabled: true });
  const { profile } = JSON.parse(made.text) as { profile: { profileArn: string } };
  const server = await issueCertificate({ subject: 'CN=server', issuer: ca, keyAlgorithm });
  const endpoint = listening.url;
  const credentials = fromRolesAnywhere({
    trustAnchorArn: trustAnchor.trustAnchorArn,
    profileArn: profile.profileArn,
    roleArn,
    identity: fromPem({ certificate: server.certificatePem, privateKey: server.privateKeyPem }),
    clientConfig: { endpoint },
  });
  await send({ service: 's3', method: 'PUT', path: '/bucket' });
  const s3 = new S3Client({ region: REGION, endpoint, forcePathStyle: true, credentials });
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'a', Body: 'a' })).finally(() => s3.destroy());
}

test('what was set up over HTTP gives a session, which may do what its role may', async () => {
  await upload('arn:aws:s3:::bucket/*');
  expect(verdicts.map(({ outcome }) => outcome)).toEqual(['accepted']);
});

test('a session may not do what its role may not', async () => {
  await expect(upload('arn:aws:s3:::other/*')).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('whoever is not the administrator sets nothing up', async () => {
  const by = { ...administrator, secretAccessKey: 'wrong' };
  const answer = await send({ service: 'rolesanywhere', path: '/trustanchors', body: '{}', by });
  expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('WRONG_SIGNATURE') });
});

test('a trust anchor that is not enabled is made switched off, as the service does', async () => {
  const { text } = await rolesAnywhere('/trustanchors', { name: 'example', source: source() });
  expect(JSON.parse(text)).toMatchObject({ trustAnchor: { enabled: false } });
});

test('a name that the service would refuse is refused in its words', async () => {
  const answer = await rolesAnywhere('/trustanchors', { name: 'a.b', source: source(), enabled: true });
  expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('a.b') });
});

test('a role with policies is not deleted', async () => {
  await iam({ Action: 'CreateRole', RoleName: 'R', AssumeRolePolicyDocument: JSON.stringify(trustPolicy) });
  const document = JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
  await iam({ Action: 'PutRolePolicy', RoleName: 'R', PolicyName: 'p', PolicyDocument: document });
  expect(await iam({ Action: 'DeleteRole', RoleName: 'R' })).toMatchObject({ status: 400 });
  await iam({ Action: 'DeleteRolePolicy', RoleName: 'R', PolicyName: 'p' });
  expect(await iam({ Action: 'DeleteRole', RoleName: 'R' })).toMatchObject({ status: 200 });
});

test('a policy with a condition is refused, for nothing here would judge it', async () => {
  await iam({ Action: 'CreateRole', RoleName: 'R', AssumeRolePolicyDocument: JSON.stringify(trustPolicy) });
  const document = JSON.stringify({
    Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: {} },
  });
  const answer = await iam({
    Action: 'PutRolePolicy',
    RoleName: 'R',
    PolicyName: 'p',
    PolicyDocument: document,
  });
  expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('Condition') });
});

test('a service that is not here says so', async () => {
  const answer = await send({ service: 'cloudformation' });
  expect(answer).toMatchObject({ status: 501, text: expect.stringContaining('cloudformation') });
});
