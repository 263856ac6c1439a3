import { issueCertificate, type KeyAlgorithm } from '@rolesanywhere/pki';
import {
  describeIdentityContract,
  type IdentityUnderTest,
} from '../../../../tools/test-support/identity-contract.js';
import { type FromPkcs11Init, fromPkcs11 } from '../../src/index.js';
import { MODULE, PIN, SO_PIN, type SoftToken, makeAuthorities, makeSoftToken } from './soft-token.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WRONG = 'a wrong PIN';
const MADE = {
  'RSA 2048': 'rsa:2048',
  'P-256': 'EC:prime256v1',
  'P-384': 'EC:secp384r1',
  'P-521': 'EC:secp521r1',
};
const IMPORTED = [
  { type: 'RSA', modulusLength: 2048 },
  { type: 'EC', curve: 'P-256' },
  { type: 'EC', curve: 'P-384' },
  { type: 'EC', curve: 'P-521' },
] as const satisfies readonly KeyAlgorithm[];

type Authorities = Awaited<ReturnType<typeof makeAuthorities>>;

function subjectOf(
  token: SoftToken,
  init: FromPkcs11Init,
  { root, issuing }: Authorities,
): Omit<IdentityUnderTest, 'certificatePem'> {
  return {
    provider: fromPkcs11({ ...init, pin: async () => PIN }),
    chainPem: [issuing.certificatePem],
    trustAnchorPem: root.certificatePem,
    passphrase: {
      right: PIN,
      wrong: WRONG,
      open: (pin) => fromPkcs11({ ...init, pin }),
      names: encodeURIComponent(token.label),
    },
    missing: {
      provider: fromPkcs11({ ...init, certificate: 'pkcs11:token=none', privateKey: undefined, pin: PIN }),
      code: 'IDENTITY_UNAVAILABLE',
      names: 'token=none',
    },
    secrets: [PIN, SO_PIN, WRONG],
    end: async () => token.remove(),
  };
}

/** The contract suite over SoftHSM: each kind of key made in the token and imported, certificates in the token and in files. */
export function describeContracts(): void {
  for (const [kind, type] of Object.entries(MADE)) {
    describeIdentityContract(
      `fromPkcs11, ${kind} made in the token, certificate and chain in it`,
      async () => {
        const [token, authorities] = [makeSoftToken('made', 'shared'), await makeAuthorities()];
        token.makeKey({ id: '01', type });
        const certificatePem = token.certify('01', authorities.issuing);
        token.putCertificate('01', certificatePem);
        token.putCertificate('f0', authorities.issuing.certificatePem);
        token.putCertificate('f1', authorities.root.certificatePem);
        const stranger = await makeAuthorities();
        token.putCertificate('f2', stranger.issuing.certificatePem);
        const init = { certificate: `${token.uri};id=%01`, module: MODULE };
        return {
          ...subjectOf(token, init, authorities),
          certificatePem,
          rotate: async () => {
            const renewed = token.certify('01', authorities.issuing);
            token.tool('--delete-object', '--type', 'cert', '--id', '01');
            token.putCertificate('01', renewed);
            return renewed;
          },
        };
      },
    );
  }

  for (const keyAlgorithm of IMPORTED) {
    const kind = Object.values(keyAlgorithm).join(' ');
    describeIdentityContract(`fromPkcs11, ${kind} imported, certificate and chain in files`, async () => {
      const [token, authorities] = [makeSoftToken('imported', 'shared'), await makeAuthorities()];
      const issue = () =>
        issueCertificate({ subject: 'CN=hsm-client', issuer: authorities.issuing, keyAlgorithm });
      const [mine, other] = [await issue(), await issue()];
      token.importKey('01', other.privateKeyPem);
      token.importKey('02', mine.privateKeyPem);
      const [certificate, chain] = [join(token.folder, 'server.crt'), join(token.folder, 'chain.pem')];
      writeFileSync(certificate, mine.certificatePem);
      writeFileSync(chain, authorities.issuing.certificatePem);
      const init = { certificate, privateKey: token.uri, chain, module: MODULE };
      const { missing, ...subject } = subjectOf(token, init, authorities);
      const path = join(token.folder, 'none.crt');
      return {
        ...subject,
        certificatePem: mine.certificatePem,
        missing: { ...missing, provider: fromPkcs11({ ...init, certificate: path, pin: PIN }), names: path },
        rotate: async () => {
          const renewed = await issue();
          token.importKey('03', renewed.privateKeyPem);
          writeFileSync(certificate, renewed.certificatePem);
          return renewed.certificatePem;
        },
      };
    });
  }
}
