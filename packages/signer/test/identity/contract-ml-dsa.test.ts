import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificateAuthority } from '@rolesanywhere/pki';
import { describeIdentityContract } from '../../../../tools/test-support/identity-contract.js';
import {
  type MlDsaParameterSet,
  issueMlDsaCertificate,
} from '../../../../tools/test-support/issue-ml-dsa.js';
import { fromPem, fromPemFiles } from '../../src/index.js';

async function hierarchy(parameterSet: MlDsaParameterSet) {
  const keyAlgorithm = { type: 'EC' } as const;
  const root = await issueCertificateAuthority({ subject: 'CN=Root', keyAlgorithm });
  const issuer = await issueCertificateAuthority({ subject: 'CN=Issuing', issuer: root, keyAlgorithm });
  return {
    root,
    issuer,
    leaf: (subject: string) => issueMlDsaCertificate({ subject, issuer, parameterSet }),
  };
}

for (const parameterSet of [44, 65, 87] as const) {
  describeIdentityContract(
    { name: `fromPemFiles, ML-DSA-${parameterSet}`, lacks: ['passphrase', 'close'] },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'contract-'));
      const { root, issuer, leaf } = await hierarchy(parameterSet);
      const paths = { certificate: join(folder, 'server.crt'), privateKey: join(folder, 'server.key') };
      const write = ({ certificatePem, privateKeyPem }: Awaited<ReturnType<typeof leaf>>): void => {
        writeFileSync(paths.certificate, certificatePem + issuer.certificatePem);
        writeFileSync(paths.privateKey, privateKeyPem);
      };
      const first = await leaf('CN=first');
      write(first);
      const none = join(folder, 'none.key');
      return {
        provider: fromPemFiles(paths),
        certificatePem: first.certificatePem,
        chainPem: [issuer.certificatePem],
        trustAnchorPem: root.certificatePem,
        rotate: async () => {
          const second = await leaf('CN=second');
          write(second);
          return second.certificatePem;
        },
        missing: {
          provider: fromPemFiles({ ...paths, privateKey: none }),
          code: 'IDENTITY_UNAVAILABLE',
          names: none,
        },
        secrets: [first.privateKeyPem.split('\n')[1] ?? ''],
        end: async () => rmSync(folder, { recursive: true }),
      };
    },
  );
}

describeIdentityContract(
  { name: 'fromPem, ML-DSA-65, key and certificate in one text', lacks: ['passphrase', 'close'] },
  async () => {
    const { root, issuer, leaf } = await hierarchy(65);
    const { certificatePem, privateKeyPem } = await leaf('CN=server');
    return {
      provider: fromPem({ certificate: privateKeyPem + certificatePem, chain: issuer.certificatePem }),
      certificatePem,
      chainPem: [issuer.certificatePem],
      trustAnchorPem: root.certificatePem,
      missing: {
        provider: fromPem({ certificate: certificatePem }),
        code: 'PRIVATE_KEY_INVALID',
        names: '`certificate`',
      },
      secrets: [privateKeyPem.split('\n')[1] ?? ''],
    };
  },
);
