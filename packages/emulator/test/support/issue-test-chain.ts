import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  issueCertificate,
  issueCertificateAuthority,
  type IssueCertificateAuthorityInit,
  type IssueCertificateInit,
  type IssuedCertificate,
} from '@rolesanywhere/pki';
import { NOT_AFTER, NOT_BEFORE } from './create-test-world.js';

/** Root, intermediate and leaf. */
export interface TestChain {
  readonly root: IssuedCertificate;
  readonly intermediate: IssuedCertificate;
  readonly leaf: IssuedCertificate;
}

/** What is to be otherwise than in a correct chain. */
export interface TestChainBend {
  readonly root?: Partial<IssueCertificateAuthorityInit>;
  readonly intermediate?: Partial<IssueCertificateAuthorityInit>;
  readonly leaf?: Partial<IssueCertificateInit>;
}

const [ROOT_KEY, INTERMEDIATE_KEY, LEAF_KEY] = [ecKey(), ecKey(), ecKey()];

/** A chain of three that the service accepts when nothing is bent. */
export async function issueTestChain(bend: TestChainBend = {}): Promise<TestChain> {
  const root = await issueTestAuthority('CN=Root', { ...keyFor(bend.root, ROOT_KEY), ...bend.root });
  const intermediate = await issueTestAuthority('CN=Intermediate', {
    issuer: root,
    ...keyFor(bend.intermediate, INTERMEDIATE_KEY),
    ...bend.intermediate,
  });
  return { root, intermediate, leaf: await issueTestLeaf(intermediate, bend.leaf) };
}

/** A CA, self-signed unless `issuer` is given. */
export function issueTestAuthority(
  subject: string,
  init: Partial<IssueCertificateAuthorityInit> = {},
): Promise<IssuedCertificate> {
  const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER };
  return issueCertificateAuthority({ subject, ...dates, ...keyFor(init, ecKey()), ...init });
}

/** A leaf, with a key that all leaves share unless `init` gives one. */
export function issueTestLeaf(
  issuer: IssuedCertificate,
  init: Partial<IssueCertificateInit> = {},
): Promise<IssuedCertificate> {
  const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER };
  return issueCertificate({
    subject: 'CN=server-1, O=Example',
    issuer,
    ...dates,
    ...keyFor(init, LEAF_KEY),
    ...init,
  });
}

export function ecKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function keyFor(init: object = {}, privateKey: KeyObject): { readonly privateKey?: KeyObject } {
  return 'privateKey' in init || 'keyAlgorithm' in init ? {} : { privateKey };
}
