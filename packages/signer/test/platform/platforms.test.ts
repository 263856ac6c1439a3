import { generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { platform as node } from '../../src/platform/node.js';
import type { Platform } from '../../src/platform/platform.js';
import { platform as web } from '../../src/platform/web.js';
import { issue } from '../support/issue.js';

test('both platforms hash, count and write alike', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: 'grapheme' })), (data) => {
      expect(web.sha256Hex(data)).toBe(node.sha256Hex(data));
      const bytes = typeof data === 'string' ? node.toBytes(data) : data;
      expect(web.toHex(bytes)).toBe(node.toHex(bytes));
      expect(web.toBase64(bytes)).toBe(node.toBase64(bytes));
    }),
  );
});

test('both platforms encode text alike', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(Buffer.compare(web.toBytes(text), node.toBytes(text))).toBe(0);
    }),
  );
});

test.each<[string, Platform]>([
  ['node', node],
  ['web', web],
])('%s: issuer signatures are told right from wrong', async (_, platform) => {
  for (const kind of ['rsa', 'P-256', 'P-384'] as const) {
    const issuer = issue({ subject: 'I', kind });
    const { der } = issue({ subject: 'leaf', issuer });
    expect(await platform.isIssuedBy(der, issuer.der)).toBe(true);
    expect(await platform.isIssuedBy(der, issue({ subject: 'I', kind }).der)).toBe(false);
  }
});

test.each<[string, Platform]>([
  ['node', node],
  ['web', web],
])(
  '%s: a certificate that is none is refused, a key of no known kind verifies nothing',
  async (_, platform) => {
    await expect(platform.checkCertificate(randomBytes(50))).rejects.toHaveProperty('message');
    const publicKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
    const check = {
      algorithm: 'AWS4-X509-ECDSA-SHA256',
      publicKey,
      message: randomBytes(4),
      signature: randomBytes(64),
    } as const;
    await expect(platform.verify(check).catch(() => false)).resolves.toBe(false);
  },
);

test('the web platform knows a CryptoKey by its class where objects have no name', async () => {
  const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey } = await webcrypto.subtle.generateKey(parameters, false, ['sign', 'verify']);
  Object.defineProperty(privateKey, Symbol.toStringTag, { value: undefined });
  expect(Object.prototype.toString.call(privateKey)).toBe('[object Object]');
  expect(web.signingKeyOf(privateKey)).toMatchObject({ algorithm: 'AWS4-X509-ECDSA-SHA256' });
  expect(web.signingKeyOf({})).toBeUndefined();
});
