/** Keys of ML-DSA, which OpenSSL 3.5 puts into PKCS#12 files as any other key. */
import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { issueMlDsaCertificate } from '../../../tools/test-support/issue-ml-dsa.js';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy, derOf, pkcs8Of } from './support/certificates.js';
import { errorOf } from '../../../tools/test-support/error-of.js';
import {
  certificateBag,
  encryptedKeyBag,
  encryptedSafe,
  keyBag,
  pbkdf2Aes256,
  pbmac1,
  pkcs12,
  plainSafe,
} from './support/write-pkcs12.js';

const PASSPHRASE = 'correct horse';

describe.each([44, 65, 87] as const)('ML-DSA-%i', (parameterSet) => {
  test('opens, is found by its localKeyID among others, and signs', async () => {
    const { issuer, root } = await createHierarchy();
    const made = await issueMlDsaCertificate({ subject: 'CN=leaf', issuer, parameterSet });
    const protection = pbkdf2Aes256(PASSPHRASE);
    const certificates = encryptedSafe(
      protection,
      certificateBag(derOf(root)),
      certificateBag(derOf(issuer)),
      certificateBag(new X509Certificate(made.certificatePem).raw, '1'),
    );
    const pkcs8 = Buffer.from(made.privateKeyPem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    const key = encryptedKeyBag(pkcs8, protection, '1');
    const data = pkcs12([certificates, plainSafe(key)], pbmac1(PASSPHRASE, { keyLength: 32 }));
    const identity = await fromPkcs12({ data, passphrase: PASSPHRASE })();
    expect(identity.certificate.subject).toBe('CN=leaf');
    expect(identity.chain.map(({ subject }) => subject)).toEqual(['CN=Issuing']);
    expect(identity.key.algorithm).toBe('AWS4-X509-MLDSA');
    const lengths = { 44: 2420, 65: 3309, 87: 4627 };
    expect(await identity.key.sign(Buffer.from('message'))).toHaveLength(lengths[parameterSet]);
  });
});

test('one beside a key of another kind is not guessed', async () => {
  const { issuer, leaf } = await createHierarchy();
  const made = await issueMlDsaCertificate({ subject: 'CN=post-quantum', issuer, parameterSet: 44 });
  const pkcs8 = Buffer.from(made.privateKeyPem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const other = await leaf('CN=other');
  const bags = [
    keyBag(pkcs8, '1'),
    certificateBag(new X509Certificate(made.certificatePem).raw, '1'),
    keyBag(pkcs8Of(other), '2'),
    certificateBag(derOf(other), '2'),
  ];
  const { code, message } = await errorOf(fromPkcs12({ data: pkcs12([plainSafe(...bags)]) }));
  expect([code, message]).toEqual([
    'PRIVATE_KEY_INVALID',
    expect.stringContaining('holds 2 private keys (CN=post-quantum; CN=other)'),
  ]);
});
