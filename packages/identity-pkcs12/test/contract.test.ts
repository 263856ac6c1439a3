import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuedCertificate, KeyAlgorithm } from '@rolesanywhere/pki';
import { describeIdentityContract } from '../../../tools/test-support/identity-contract.js';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy } from './support/certificates.js';
import { exportPkcs12, opensslFolder } from './support/openssl.js';

const PASSPHRASE = 'Tr0ub4dor-and-3';
const WRONG = 'a wrong passphrase';
const KEYS = [
  { type: 'RSA', modulusLength: 2048 },
  { type: 'EC', curve: 'P-256' },
  { type: 'EC', curve: 'P-384' },
  { type: 'EC', curve: 'P-521' },
] as const satisfies readonly KeyAlgorithm[];
const PROTECTIONS = { modern: [], legacy: ['-legacy'] } as const;

for (const keyAlgorithm of KEYS) {
  const kind = Object.values(keyAlgorithm).join(' ');
  for (const [protection, options] of Object.entries(PROTECTIONS)) {
    describeIdentityContract(
      { name: `fromPkcs12 of a file, ${kind}, ${protection}`, lacks: ['close'] },
      async () => {
        const openssl = opensslFolder();
        const folder = mkdtempSync(join(tmpdir(), 'contract-'));
        const file = join(folder, 'server.p12');
        const { root, issuer, leaf } = await createHierarchy(keyAlgorithm);
        const write = (issued: IssuedCertificate): void => {
          const init = { leaf: issued, chain: [root, issuer], passphrase: PASSPHRASE, options };
          writeFileSync(file, exportPkcs12(openssl, { ...init, out: 'server.p12' }));
        };
        const first = await leaf('CN=first');
        write(first);
        const none = join(folder, 'none.p12');
        return {
          provider: fromPkcs12({ file, passphrase: PASSPHRASE }),
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
            wrong: WRONG,
            open: (passphrase) => fromPkcs12({ file, passphrase }),
            names: file,
          },
          missing: { provider: fromPkcs12({ file: none }), code: 'IDENTITY_UNAVAILABLE', names: none },
          secrets: [PASSPHRASE, WRONG, first.privateKeyPem.split('\n')[1] ?? ''],
          end: async () => {
            openssl.remove();
            rmSync(folder, { recursive: true });
          },
        };
      },
    );
  }

  describeIdentityContract({ name: `fromPkcs12 of bytes, ${kind}`, lacks: ['close'] }, async () => {
    const openssl = opensslFolder();
    const { root, issuer, leaf } = await createHierarchy(keyAlgorithm);
    const server = await leaf('CN=server');
    const init = { leaf: server, chain: [issuer], passphrase: PASSPHRASE, out: 'server.p12' };
    const data = exportPkcs12(openssl, init);
    return {
      provider: fromPkcs12({ data, passphrase: async () => PASSPHRASE }),
      certificatePem: server.certificatePem,
      chainPem: [issuer.certificatePem],
      trustAnchorPem: root.certificatePem,
      passphrase: {
        right: PASSPHRASE,
        wrong: WRONG,
        open: (passphrase) => fromPkcs12({ data, passphrase }),
        names: '`data`',
      },
      missing: {
        provider: fromPkcs12({ data: new Uint8Array() }),
        code: 'PRIVATE_KEY_INVALID',
        names: '`data`',
      },
      secrets: [PASSPHRASE, WRONG, server.privateKeyPem.split('\n')[1] ?? ''],
      end: async () => openssl.remove(),
    };
  });
}
