import {
  issueCertificate,
  issueCertificateAuthority,
  issueCertificateRevocationList,
  type KeyAlgorithm,
} from '@rolesanywhere/pki';
import type { ToolWorkshop } from './tool-workshop.js';

/** Paths of what was issued here, for the verifiers of others. */
export interface IssuedHere {
  readonly root: string;
  readonly intermediate: string;
  readonly leaf: string;
  /** From leaf to root, in one file. */
  readonly chain: string;
  /** The same with a leaf that is revoked. */
  readonly revoked: string;
  readonly revokedChain: string;
  /** Hex, as the tools print it. */
  readonly revokedSerialNumber: string;
  /** The list of the intermediate, and the lists of both CAs. */
  readonly list: string;
  readonly lists: string;
  /** A leaf of another CA with the names of this one. */
  readonly forged: string;
}

/** A root, an intermediate, leaves and revocation lists, all with one kind of key. */
export async function issueHere(workshop: ToolWorkshop, keyAlgorithm: KeyAlgorithm): Promise<IssuedHere> {
  const { write } = workshop;
  const tree = await issueTree(keyAlgorithm);
  const { root, intermediate, leaf, revoked, forged } = tree;
  const { serialNumber } = revoked.certificate;
  const list = await issueCertificateRevocationList({
    issuer: intermediate,
    revoked: [{ serialNumber, reason: 'keyCompromise' }],
  });
  const rootList = await issueCertificateRevocationList({ issuer: root, revoked: [] });
  const above = `${intermediate.certificatePem}${root.certificatePem}`;
  return {
    root: write('root.pem', root.certificatePem),
    intermediate: write('intermediate.pem', intermediate.certificatePem),
    leaf: write('leaf.pem', leaf.certificatePem),
    chain: write('chain.pem', `${leaf.certificatePem}${above}`),
    revoked: write('revoked.pem', revoked.certificatePem),
    revokedChain: write('revoked-chain.pem', `${revoked.certificatePem}${above}`),
    revokedSerialNumber: serialNumber.toString(16),
    list: write('list.pem', list.crlPem),
    lists: write('lists.pem', `${list.crlPem}${rootList.crlPem}`),
    forged: write('forged.pem', forged.certificatePem),
  };
}

async function issueTree(keyAlgorithm: KeyAlgorithm) {
  const above = { subject: 'CN=Root, O=Ñandú', keyAlgorithm };
  const below = { subject: 'CN=Issuing, O=Ñandú', keyAlgorithm, pathLength: 0 };
  const root = await issueCertificateAuthority(above);
  const intermediate = await issueCertificateAuthority({ ...below, issuer: root });
  const forger = await issueCertificateAuthority({
    ...below,
    issuer: await issueCertificateAuthority(above),
  });
  const init = {
    subject: 'CN=server, O=Ñandú',
    keyAlgorithm,
    // The verifier of cfssl is one for servers.
    extendedKeyUsage: ['clientAuth', 'serverAuth'],
    subjectAlternativeName: [
      { type: 'dns', value: 'host.example.com' },
      { type: 'ip', value: '2001:db8::1' },
      { type: 'uri', value: 'spiffe://example.com/host' },
    ],
  } as const;
  return {
    root,
    intermediate,
    leaf: await issueCertificate({ ...init, issuer: intermediate }),
    revoked: await issueCertificate({ ...init, issuer: intermediate }),
    forged: await issueCertificate({ ...init, issuer: forger }),
  };
}
