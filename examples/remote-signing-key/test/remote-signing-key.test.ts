import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KMSClient } from '@aws-sdk/client-kms';
import { createSession, type X509IdentityProvider } from '@rolesanywhere/credential-provider';
import { createEmulator, verifyWithSecret, type RawRequest } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import { createTargets } from '../../../tools/test-support/create-targets.js';
import { fromKms } from '../src/from-kms.js';
import { fromSigningService } from '../src/from-signing-service.js';

const emulator = createEmulator({ region: 'eu-central-1' });
const certificates: Partial<Record<'RSA' | 'EC', IssuedCertificate>> = {};
const servers: Server[] = [];
let input: Parameters<typeof createSession>[0];

beforeAll(async () => {
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
  for (const type of ['RSA', 'EC'] as const)
    certificates[type] = await issueCertificate({ subject: `CN=${type}`, issuer, keyAlgorithm: { type } });
  input = createTargets(emulator, { trustAnchorPem: issuer.certificatePem });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

const certificateOf = (type: 'RSA' | 'EC'): string => certificates[type]?.certificatePem ?? '';
const keyOf = (type: 'RSA' | 'EC'): KeyObject => createPrivateKey(certificates[type]?.privateKeyPem ?? '');
const sessionWith = (identity: X509IdentityProvider) =>
  createSession(input, { identity, clientConfig: { requestHandler: emulator.requestHandler } });

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Reads a whole request, has the answer made, and sends it. */
function answering(answer: (request: RawRequest) => { status: number; body: Uint8Array }): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const rawHeaders = request.rawHeaders.flatMap((name, index, all) =>
        index % 2 === 0 ? [[name, all[index + 1] ?? ''] as const] : [],
      );
      const { method = '', url: target = '' } = request;
      const { status, body } = answer({ method, target, rawHeaders, body: Buffer.concat(chunks) });
      response.writeHead(status).end(body);
    });
  };
}

describe('a signing service over HTTP', () => {
  const service = (key: KeyObject) =>
    answering(({ rawHeaders, body }) =>
      rawHeaders.some(([, value]) => value === 'Bearer example')
        ? { status: 200, body: sign('sha256', body, key) }
        : { status: 401, body: Buffer.from('who are you?') },
    );

  test('signs for a session', async () => {
    const url = await serve(service(keyOf('RSA')));
    const init = { certificate: certificateOf('RSA'), url, authorization: 'Bearer example' };
    const { assumedRoleArn } = await sessionWith(fromSigningService(init));
    expect(assumedRoleArn).toContain('assumed-role/ExampleRole/');
  });

  test('that refuses is told as a failed signature, with its answer as cause', async () => {
    const url = await serve(service(keyOf('RSA')));
    const init = { certificate: certificateOf('RSA'), url, authorization: 'Bearer wrong' };
    await expect(sessionWith(fromSigningService(init))).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      cause: { message: `${url} answered 401` },
    });
  });

  test('that has another key is found out before anything is sent', async () => {
    const other = await issueCertificateAuthority({ subject: 'CN=other' });
    const url = await serve(service(createPrivateKey(other.privateKeyPem)));
    const init = { certificate: certificateOf('RSA'), url, authorization: 'Bearer example' };
    await expect(sessionWith(fromSigningService(init))).rejects.toMatchObject({ code: 'KEY_MISMATCH' });
  });
});

describe('a key of AWS KMS', () => {
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example-secret' };

  /** The operation Sign of KMS for one key: verifies who asks, and signs the message. */
  const kms = (type: 'RSA' | 'EC') =>
    answering((request) => {
      const findSecret = (id: string) => (id === credentials.accessKeyId ? credentials : undefined);
      const verdict = verifyWithSecret(request, { findSecret, now: new Date(), services: ['kms'] });
      if (!verdict.ok) return { status: 400, body: Buffer.from(JSON.stringify({ __type: verdict.reason })) };
      const asked = JSON.parse(Buffer.from(request.body).toString()) as Record<string, string>;
      expect(asked).toMatchObject({ KeyId: 'alias/example', MessageType: 'RAW' });
      const signature = sign('sha256', Buffer.from(asked['Message'] ?? '', 'base64'), keyOf(type));
      return { status: 200, body: Buffer.from(JSON.stringify({ Signature: signature.toString('base64') })) };
    });

  test.each(['RSA', 'EC'] as const)('of type %s signs for a session', async (keyType) => {
    const endpoint = await serve(kms(keyType));
    const client = new KMSClient({ region: 'eu-central-1', endpoint, credentials });
    const init = { certificate: certificateOf(keyType), client, keyId: 'alias/example', keyType };
    const { assumedRoleArn } = await sessionWith(fromKms(init));
    expect(assumedRoleArn).toContain('assumed-role/ExampleRole/');
  });
});
