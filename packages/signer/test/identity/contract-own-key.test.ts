import { type KeyObject, webcrypto } from 'node:crypto';
import { issueCertificate, issueCertificateAuthority, type KeyAlgorithm } from '@rolesanywhere/pki';
import { describeIdentityContract } from '../../../../tools/test-support/identity-contract.js';
import { type X509IdentityParts, createX509Identity } from '../../src/index.js';

const KEYS = [
  { type: 'RSA', modulusLength: 2048 },
  { type: 'EC', curve: 'P-256' },
  { type: 'EC', curve: 'P-384' },
  { type: 'EC', curve: 'P-521' },
] as const satisfies readonly KeyAlgorithm[];

/** The forms in which a program has a key of its own. */
const FORMS = {
  'a KeyObject': async (key) => key,
  'a CryptoKey': (key, algorithm) =>
    webcrypto.subtle.importKey(
      'pkcs8',
      key.export({ type: 'pkcs8', format: 'der' }),
      algorithm.type === 'EC'
        ? { name: 'ECDSA', namedCurve: algorithm.curve ?? 'P-256' }
        : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      false,
      ['sign'],
    ),
} as const satisfies Record<
  string,
  (key: KeyObject, algorithm: (typeof KEYS)[number]) => Promise<X509IdentityParts['key']>
>;

for (const keyAlgorithm of KEYS)
  for (const [form, keyOf] of Object.entries(FORMS))
    describeIdentityContract(
      {
        name: `${form} of the caller, ${Object.values(keyAlgorithm).join(' ')}`,
        lacks: ['passphrase', 'close'],
      },
      async () => {
        const root = await issueCertificateAuthority({ subject: 'CN=Root', keyAlgorithm });
        const issuer = await issueCertificateAuthority({ subject: 'CN=Issuing', issuer: root, keyAlgorithm });
        const server = await issueCertificate({ subject: 'CN=server', issuer, keyAlgorithm });
        const { certificatePem, privateKeyPem } = server;
        const chain = [issuer.certificatePem];
        const key = await keyOf(server.privateKey, keyAlgorithm);
        const identity = await createX509Identity({ certificate: certificatePem, chain, key });
        return {
          provider: async () => identity,
          certificatePem,
          chainPem: chain,
          trustAnchorPem: root.certificatePem,
          missing: {
            provider: () => createX509Identity({ certificate: '', key }),
            code: 'CERTIFICATE_INVALID',
            names: '`certificate`',
          },
          secrets: [privateKeyPem.split('\n')[1] ?? ''],
        };
      },
    );
