import { describe, expect, test } from '@jest/globals';
import { TAG, writeDer } from '../../src/x509/der.js';
import { codeOf } from '../../../../tools/test-support/error-of.js';
import { issueHierarchy, toPem } from '../support/issue.js';
import { PLATFORMS, loadSigner } from '../support/load-signer.js';

const { leaf } = issueHierarchy(1);
const oid = (hex: string): Uint8Array => writeDer(TAG.objectIdentifier, Buffer.from(hex, 'hex'));
const PBES2 = '2a864886f70d01050d';
const PBE_SHA1_3DES = '2a864886f70d010c0103';
const encrypted = (scheme: string, parameters: Uint8Array): Uint8Array =>
  writeDer(
    TAG.sequence,
    writeDer(TAG.sequence, oid(scheme), parameters),
    writeDer(TAG.octetString, new Uint8Array(16)),
  );

/** Sequences in sequences, written from the inside out. */
function nested(depth: number): Uint8Array {
  const headers: Uint8Array[] = [];
  let length = 0;
  for (let level = 0; level < depth; level += 1) {
    const header = headerOf(length);
    headers.push(header);
    length += header.length;
  }
  return Buffer.concat(headers.toReversed());
}

function headerOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(0x30, length);
  return Uint8Array.of(0x30, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff);
}

describe.each(PLATFORMS)('on the %s platform', (platform) => {
  const deep = nested(100_000);
  test.each<[string, Uint8Array | string]>([
    ['bare', deep],
    ['as a certificate', toPem('CERTIFICATE', deep)],
    ['as a key', toPem('PRIVATE KEY', deep)],
    ['in the parameters of an encryption', encrypted(PBE_SHA1_3DES, nested(10_000))],
    ['in those of PBES2', encrypted(PBES2, nested(10_000))],
    ['in a key', writeDer(TAG.sequence, writeDer(TAG.integer, new Uint8Array(1)), nested(9000), nested(9))],
  ])('ASN.1 of a hundred thousand levels is refused: %s', async (_, data) => {
    const { signer } = await loadSigner(platform);
    const asCertificate = await codeOf(() =>
      signer.createX509Identity({ certificate: data, key: leaf.keyPem }),
    );
    expect(asCertificate).toBe('CERTIFICATE_INVALID');
    const parts = { certificate: leaf.pem, key: data, passphrase: 'x' };
    expect(await codeOf(() => signer.createX509Identity(parts))).toMatch(
      /^(PRIVATE_KEY_INVALID|KEY_UNSUPPORTED)$/,
    );
  });

  test('lengths that no bytes stand behind are refused', async () => {
    const { signer } = await loadSigner(platform);
    for (const hex of [
      '3084ffffffff',
      '30847fffffff00',
      '3080',
      '308001',
      '3085ffffffffff00',
      '30',
      '3f8101',
      '1f30',
    ]) {
      const bytes = Buffer.from(hex, 'hex');
      expect(await codeOf(() => signer.createX509Identity({ certificate: bytes, key: leaf.keyPem }))).toBe(
        'CERTIFICATE_INVALID',
      );
      expect(await codeOf(() => signer.createX509Identity({ certificate: leaf.pem, key: bytes }))).toBe(
        'PRIVATE_KEY_INVALID',
      );
    }
  });
});
