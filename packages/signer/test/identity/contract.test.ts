import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrivateKey } from 'node:crypto';
import { issueCertificate, issueCertificateAuthority, type KeyAlgorithm } from '@rolesanywhere/pki';
import { describeIdentityContract } from '../../../../tools/test-support/identity-contract.js';
import { createX509Identity, fromPem, fromPemFiles } from '../../src/index.js';

const PASSPHRASE = 'Tr0ub4dor-and-3';
const KEYS = [
  { type: 'RSA', modulusLength: 2048 },
  { type: 'EC', curve: 'P-256' },
  { type: 'EC', curve: 'P-384' },
  { type: 'EC', curve: 'P-521' },
] as const satisfies readonly KeyAlgorithm[];

async function certificates(keyAlgorithm: KeyAlgorithm) {
  const root = await issueCertificateAuthority({ subject: 'CN=Root', keyAlgorithm });
  const issuer = await issueCertificateAuthority({ subject: 'CN=Issuing', issuer: root, keyAlgorithm });
  const leaf = (subject: string) => issueCertificate({ subject, issuer, keyAlgorithm });
  return { root, issuer, leaf };
}

function encrypted(privateKeyPem: string): string {
  const key = createPrivateKey(privateKeyPem);
  return key
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
    .toString();
}

for (const keyAlgorithm of KEYS) {
  const kind = Object.values(keyAlgorithm).join(' ');

  describeIdentityContract({ name: `fromPemFiles, ${kind}`, lacks: ['close'] }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'contract-'));
    const { root, issuer, leaf } = await certificates(keyAlgorithm);
    const paths = { certificate: join(folder, 'server.crt'), privateKey: join(folder, 'server.key') };
    const first = await leaf('CN=first');
    const write = ({ certificatePem, privateKeyPem }: typeof first): void => {
      writeFileSync(paths.certificate, certificatePem + issuer.certificatePem);
      writeFileSync(paths.privateKey, encrypted(privateKeyPem));
    };
    write(first);
    const wrong = 'a wrong passphrase';
    return {
      provider: fromPemFiles({ ...paths, passphrase: PASSPHRASE }),
      certificatePem: first.certificatePem,
      chainPem: [issuer.certificatePem],
      trustAnchorPem: root.certificatePem,
      rotate: async () => {
        const second = await leaf('CN=second');
        write(second);
        return second.certificatePem;
      },
      passphrase: {
        right: PASSPHRASE,
        wrong,
        open: (passphrase) => fromPemFiles({ ...paths, passphrase }),
        names: paths.privateKey,
      },
      missing: {
        provider: fromPemFiles({ certificate: join(folder, 'none.crt') }),
        code: 'IDENTITY_UNAVAILABLE',
        names: join(folder, 'none.crt'),
      },
      secrets: [PASSPHRASE, wrong, first.privateKeyPem.split('\n')[1] ?? ''],
      end: async () => rmSync(folder, { recursive: true }),
    };
  });

  describeIdentityContract({ name: `fromPem, ${kind}`, lacks: ['close'] }, async () => {
    const { root, issuer, leaf } = await certificates(keyAlgorithm);
    const { certificatePem, privateKeyPem } = await leaf('CN=server');
    const pem = { certificate: certificatePem, chain: issuer.certificatePem };
    const wrong = 'a wrong passphrase';
    const privateKey = encrypted(privateKeyPem);
    return {
      provider: fromPem({ ...pem, privateKey, passphrase: PASSPHRASE }),
      certificatePem,
      chainPem: [issuer.certificatePem],
      trustAnchorPem: root.certificatePem,
      passphrase: {
        right: PASSPHRASE,
        wrong,
        open: (passphrase) => fromPem({ ...pem, privateKey, passphrase }),
        names: '`privateKey`',
      },
      missing: { provider: fromPem(pem), code: 'PRIVATE_KEY_INVALID', names: '`certificate`' },
      secrets: [PASSPHRASE, wrong, privateKeyPem.split('\n')[1] ?? ''],
    };
  });

  describeIdentityContract(
    { name: `an async function of the caller, ${kind}`, lacks: ['passphrase', 'close'] },
    async () => {
      const { root, issuer, leaf } = await certificates(keyAlgorithm);
      const { certificatePem, privateKeyPem } = await leaf('CN=server');
      const { key: inner } = await createX509Identity({ certificate: certificatePem, key: privateKeyPem });
      const key = { algorithm: inner.algorithm, sign: async (message: Uint8Array) => inner.sign(message) };
      const chain = [issuer.certificatePem];
      const identity = await createX509Identity({ certificate: certificatePem, chain, key });
      return {
        provider: async () => identity,
        certificatePem,
        chainPem: chain,
        trustAnchorPem: root.certificatePem,
        missing: {
          provider: () => createX509Identity({ certificate: certificatePem, key: '' }),
          code: 'PRIVATE_KEY_INVALID',
          names: '`key`',
        },
        secrets: [privateKeyPem.split('\n')[1] ?? ''],
      };
    },
  );
}
