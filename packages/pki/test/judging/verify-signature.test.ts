import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { issueCertificateAuthority, parseCertificate, PkiError } from '../../src/index.js';
import { verifySignature } from '../../src/judging/verify-signature.js';
import { authority, codesOf, DATES, judge, leafOf } from '../test-authorities.js';

const RSA_SHA256 = '06092a864886f70d01010b';
const RSA_KEY = '06092a864886f70d010101';
const ML_DSA_65 = '0609608648016503040312';

/** The certificate with one object identifier put for another of the same length. */
function relabelled(der: Uint8Array, from: string, to: string) {
  return parseCertificate(Buffer.from(Buffer.from(der).toString('hex').replaceAll(from, to), 'hex'));
}

const hasMlDsa = ((): boolean => {
  try {
    generateKeyPairSync('ml-dsa-65' as 'ed25519');
    return true;
  } catch {
    return false;
  }
})();

describe('signatures', () => {
  test.each(['EC', 'RSA', 'Ed25519', 'RSA-PSS'] as const)(
    'a %s key verifies what it signed and nothing else',
    async (type) => {
      const root = await authority('CN=Root', { keyAlgorithm: { type } });
      const { certificate } = await leafOf(root);
      const other = await leafOf(root);
      expect(verifySignature(certificate, root.certificate.publicKey)).toBe('valid');
      expect(
        verifySignature({ ...certificate, tbs: other.certificate.tbs }, root.certificate.publicKey),
      ).toBe('invalid');
      expect(verifySignature(certificate, other.certificate.publicKey)).toBe('invalid');
    },
  );

  test('a signature in a form that is not its algorithm’s is invalid', async () => {
    const root = await authority('CN=Root');
    const { certificate } = await leafOf(root);
    for (const length of [0, 1, 64, 5000]) {
      const signature = createHash('shake256', { outputLength: Math.max(1, length) })
        .digest()
        .subarray(0, length);
      expect(verifySignature({ ...certificate, signature }, root.certificate.publicKey)).toBe('invalid');
    }
  });

  test('what this runtime cannot verify is a finding of its own', async () => {
    const root = await authority('CN=Root', { keyAlgorithm: { type: 'RSA' } });
    const leaf = await leafOf(root);
    const anchor = relabelled(root.certificate.der, RSA_KEY, ML_DSA_65);
    const certificate = relabelled(leaf.certificate.der, RSA_SHA256, ML_DSA_65);
    expect(anchor.publicKey.algorithm).toBe('ML-DSA');
    expect(certificate.signatureAlgorithm.name).toBe('ML-DSA-65');
    const verdict = judge({ leaf: { ...leaf, certificate }, anchors: [{ ...root, certificate: anchor }] });
    expect(codesOf(verdict)).toEqual(['SIGNATURE_ALGORITHM_UNSUPPORTED']);
  });

  test('ML-DSA is issued and verified where node:crypto has it, and told otherwise', async () => {
    const told = await outcomeOfMlDsa();
    expect(told).toEqual(hasMlDsa ? { accepted: true, findings: [] } : { code: 'ISSUING_FAILED' });
  });
});

async function outcomeOfMlDsa(): Promise<unknown> {
  try {
    const keyAlgorithm = { type: 'ML-DSA' } as const;
    const root = await issueCertificateAuthority({ subject: 'CN=Root', keyAlgorithm, ...DATES });
    const leaf = await leafOf(root, { keyAlgorithm: { ...keyAlgorithm, parameterSet: 44 } });
    const { accepted, findings } = judge({ leaf, anchors: [root] });
    return { accepted, findings };
  } catch (error) {
    return { code: error instanceof PkiError ? error.code : String(error) };
  }
}
