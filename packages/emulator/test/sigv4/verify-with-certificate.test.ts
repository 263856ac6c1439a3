import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  constants,
  type KeyObject,
} from 'node:crypto';

import { describe, expect, test } from '@jest/globals';

import type { RawRequest } from '../../src/http.js';
import { parseAuthorization } from '../../src/sigv4/authorization.js';
import { canonicalRequest } from '../../src/sigv4/canonical-request.js';
import { stringToSign } from '../../src/sigv4/string-to-sign.js';
import { verifyWithCertificate } from '../../src/sigv4/verify-with-certificate.js';
import { publishedRequests } from './published-requests.js';
import {
  headerOf,
  isSignatureRight,
  rawRequestOf,
  recordedRequests,
  withHeader,
  withoutHeader,
} from './recorded-requests.js';

const byName = (name: string) => {
  const found = recordedRequests.find((recorded) => recorded.name === name);
  if (!found) throw new Error(`There is no vector named ${name}.`);
  return found;
};

const editAuthorization = (request: RawRequest, edit: (value: string) => string) =>
  withHeader(request, 'authorization', edit(headerOf(request, 'authorization')));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });

test('there are recorded requests for RSA and for every curve', () => {
  expect(recordedRequests.length).toBeGreaterThanOrEqual(26);
  for (const start of ['rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384', 'p521', 'pkcs11', 'tpm'])
    expect(recordedRequests.some(({ name }) => name.startsWith(start))).toBe(true);
});

describe.each(recordedRequests.map((recorded) => [recorded.name, recorded] as const))(
  'the recorded request %s',
  (_, recorded) => {
    const request = rawRequestOf(recorded);

    test('gives the recorded canonical request and string to sign', () => {
      const authorization = parseAuthorization(headerOf(request, 'authorization'));
      expect(authorization).toMatchObject({
        algorithm: recorded.expected.algorithm,
        credentialId: recorded.expected.serialDecimal,
        signedHeaders: recorded.expected.signedHeaders,
        signature: recorded.expected.signatureHex,
      });
      const canonical = canonicalRequest(request, { signedHeaders: recorded.expected.signedHeaders });
      expect(canonical).toBe(recorded.expected.canonicalRequest);
      expect(
        stringToSign({
          algorithm: recorded.expected.algorithm,
          longDate: headerOf(request, 'x-amz-date'),
          scope: authorization?.scope ?? '',
          canonicalRequest: canonical,
        }),
      ).toBe(recorded.expected.stringToSign);
    });

    test('verifies', async () => {
      expect(await isSignatureRight(request)).toBe(true);
    });

    test.each([
      [
        'another region in the scope',
        editAuthorization(request, (value) => value.replace(/\/[a-z]+-[a-z]+-[a-z-]*\d\//, '/eu-south-9/')),
      ],
      [
        'another day in the scope',
        editAuthorization(request, (value) => value.replace(/\/\d{8}\//, '/20260101/')),
      ],
      [
        'another service in the scope',
        editAuthorization(request, (value) => value.replace('/rolesanywhere/', '/sts/')),
      ],
      ['one header fewer in the list', editAuthorization(request, (value) => value.replace(';host;', ';'))],
      [
        'one header more in the list',
        editAuthorization(request, (value) => value.replace('host;', 'host;user-agent;')),
      ],
      [
        'an empty signature',
        editAuthorization(request, (value) => value.replace(/Signature=.*/, 'Signature=')),
      ],
      ['half a signature', editAuthorization(request, (value) => value.slice(0, -64))],
      ['a signature with a byte more', editAuthorization(request, (value) => `${value}00`)],
      [
        'a flipped bit in the signature',
        editAuthorization(request, (value) =>
          value.replace(/.$/, (digit) => (Number.parseInt(digit, 16) ^ 1).toString(16)),
        ),
      ],
      [
        'an upper-case signature',
        editAuthorization(request, (value) =>
          value.replace(/Signature=.*/, (part) => part.toUpperCase().replace('SIGNATURE', 'Signature')),
        ),
      ],
      [
        'the algorithm of the other key type',
        editAuthorization(request, (value) =>
          value.startsWith('AWS4-X509-RSA-SHA256')
            ? value.replace('RSA-SHA256', 'ECDSA-SHA256')
            : value.replace(/ECDSA-SHA256|MLDSA/, 'RSA-SHA256'),
        ),
      ],
      [
        'an unknown algorithm',
        editAuthorization(request, (value) => value.replace(/^\S+/, 'AWS4-X509-NONE')),
      ],
      ['another method', { ...request, method: 'PUT' }],
      ['another path', { ...request, target: request.target.replace('/sessions', '/sessions/x') }],
      ['an altered query', { ...request, target: request.target.replace('111122223333', '111122223334') }],
      ['a parameter more', { ...request, target: `${request.target}&x=1` }],
      ['an altered body', { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) }],
      ['an empty body', { ...request, body: new Uint8Array() }],
      ['another date', withHeader(request, 'x-amz-date', '20260101T000000Z')],
      ['no date', withoutHeader(request, 'x-amz-date')],
      ['another host', withHeader(request, 'host', 'rolesanywhere.us-east-1.amazonaws.com')],
      ['another content type', withHeader(request, 'content-type', 'text/plain')],
      [
        'a signed header sent twice',
        { ...request, rawHeaders: [...request.rawHeaders, ['host', 'evil'] as const] },
      ],
    ])('does not verify with %s', async (_what, sabotaged) => {
      expect(await isSignatureRight(sabotaged)).toBe(false);
    });
  },
);

describe.each(publishedRequests.map((published) => [published.name, published] as const))(
  'the published request with a key of type %s',
  (_, { request, canonicalRequestHash, stringToSignHash }) => {
    test('verifies and has the published hashes', async () => {
      const authorization = parseAuthorization(headerOf(request, 'authorization'));
      if (!authorization) throw new Error('The published header does not parse.');
      const canonical = canonicalRequest(request, { signedHeaders: authorization.signedHeaders });
      const { algorithm, scope } = authorization;
      const longDate = headerOf(request, 'x-amz-date');
      expect(sha256(canonical)).toBe(canonicalRequestHash);
      expect(sha256(stringToSign({ algorithm, scope, longDate, canonicalRequest: canonical }))).toBe(
        stringToSignHash,
      );
      expect(await isSignatureRight(request)).toBe(true);
    });
  },
);

describe('an ECDSA signature', () => {
  const { request, expected } = byName('p384-chain-2-cn');
  const certificate = request.rawHeaders.find(([name]) => name === 'X-Amz-X509')?.[1] ?? '';

  test('as raw r‖s is refused', async () => {
    const original = rawRequestOf(byName('p384-chain-2-cn'));
    const raw = rawFromDer(expected.signatureHex, 48);
    expect(certificate).not.toBe('');
    expect(await isSignatureRight(original)).toBe(true);
    const sabotaged = editAuthorization(original, (value) => value.replace(expected.signatureHex, raw));
    expect(await isSignatureRight(sabotaged)).toBe(false);
  });
});

describe('keys and signatures made here', () => {
  const message = 'AWS4-X509-ECDSA-SHA256\n20260101T000000Z\nscope\nhash';
  const check = (algorithm: string, signature: Uint8Array, publicKey: KeyObject) =>
    verifyWithCertificate({
      algorithm,
      message,
      signature: Buffer.from(signature).toString('hex'),
      publicKey: spki(publicKey),
    });

  test.each(['P-256', 'P-384', 'P-521'])(
    'an ECDSA signature by %s over SHA-256 verifies',
    async (namedCurve) => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
      expect(
        await check('AWS4-X509-ECDSA-SHA256', sign('sha256', Buffer.from(message), privateKey), publicKey),
      ).toBe(true);
    },
  );

  test.each(['secp256k1', 'P-224', 'brainpoolP256r1'])('the curve %s is refused', async (namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    expect(
      await check('AWS4-X509-ECDSA-SHA256', sign('sha256', Buffer.from(message), privateKey), publicKey),
    ).toBe(false);
  });

  test('an ECDSA signature over SHA-384 is refused', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(
      await check('AWS4-X509-ECDSA-SHA256', sign('sha384', Buffer.from(message), privateKey), publicKey),
    ).toBe(false);
  });

  test('an RSA signature with PSS padding, with another hash, or by an RSA-PSS or Ed25519 key is refused', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    const ed = generateKeyPairSync('ed25519');
    const text = Buffer.from(message);
    const rsa = 'AWS4-X509-RSA-SHA256';
    expect(await check(rsa, sign('sha256', text, privateKey), publicKey)).toBe(true);
    const padded = sign('sha256', text, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING });
    expect(await check(rsa, padded, publicKey)).toBe(false);
    expect(await check(rsa, sign('sha512', text, privateKey), publicKey)).toBe(false);
    expect(await check(rsa, sign('sha256', text, pss.privateKey), pss.publicKey)).toBe(false);
    expect(await check(rsa, sign(null, text, ed.privateKey), ed.publicKey)).toBe(false);
    expect(await check('AWS4-X509-ECDSA-SHA256', sign('sha256', text, privateKey), publicKey)).toBe(false);
  });

  test('a public key that is no key is refused', async () => {
    const key = createPrivateKey(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
    );
    const signature = sign('sha256', Buffer.from(message), key).toString('hex');
    for (const publicKey of [new Uint8Array(), Buffer.from('30030201', 'hex'), Buffer.alloc(4096, 0x30)])
      expect(
        await verifyWithCertificate({ algorithm: 'AWS4-X509-ECDSA-SHA256', message, signature, publicKey }),
      ).toBe(false);
  });

  test.each(['toString', '__proto__', 'constructor', ''])(
    'the algorithm name %p is unknown like any other',
    async (algorithm) => {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      expect(await check(algorithm, Buffer.from('00', 'hex'), publicKey)).toBe(false);
    },
  );
});

/** DER → r‖s, for sequences below 128 octets. */
function rawFromDer(hex: string, coordinateBytes: number): string {
  const der = Buffer.from(hex, 'hex');
  const rEnd = 4 + (der[3] ?? 0);
  const pad = (number: Buffer) =>
    number
      .toString('hex')
      .replace(/^00/, '')
      .padStart(coordinateBytes * 2, '0');
  return pad(der.subarray(4, rEnd)) + pad(der.subarray(rEnd + 2));
}
