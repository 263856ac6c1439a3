import { type KeyObject, X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Bag } from './container/read-safe-contents.js';
import type { Pkcs12Contents } from './open-pkcs12.js';
import { Pkcs12Fault } from './pkcs12-fault.js';

/** The parts of the one identity in a file. */
export interface SelectedIdentity {
  /** DER of the leaf; of any certificate, when none belongs to the key. */
  readonly certificate: Uint8Array;
  /** DER of the certificates above it, in any order. */
  readonly chain: readonly Uint8Array[];
  /** PKCS#8 bytes for a key that is neither RSA nor EC. */
  readonly key: KeyObject | Uint8Array;
}

interface FoundCertificate {
  readonly x509: X509Certificate;
  readonly localKeyId: string | undefined;
}

interface FoundKey {
  readonly pkcs8: Uint8Array;
  /** Undefined when `node:crypto` cannot read it. */
  readonly object: KeyObject | undefined;
  readonly localKeyId: string | undefined;
  /** Those that were issued for this key, the one that ends last first. */
  readonly certificates: readonly FoundCertificate[];
}

/** Java's store of root certificates has about 150. */
const MOST_CERTIFICATES = 256;
const MOST_NAMES = 4;

/**
 * Finds the key, its certificate and the certificates above that one among what a file holds. Certificates that have nothing to
 * do with the key are left out.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID` when there is no key or more than one, `CERTIFICATE_INVALID`
 */
export function selectIdentity(contents: Pkcs12Contents): SelectedIdentity {
  const certificates = readCertificates(contents.certificates);
  const found = contents.keys.map((bag) => findKey(bag, certificates));
  const { pkcs8, object, certificates: own } = selectKey(found, certificates);
  // Where none is the key's own, the one that is taken serves to say so.
  const leaf = own[0] ?? certificates.find(({ x509 }) => !x509.ca) ?? certificates[0];
  if (leaf === undefined) {
    const advice = 'Make it with its certificate: openssl pkcs12 -export -inkey KEY -in CERTIFICATE.';
    throw new Pkcs12Fault('CERTIFICATE_INVALID', `holds a private key but no certificate. ${advice}`);
  }
  const isPlain = object?.asymmetricKeyType === 'rsa' || object?.asymmetricKeyType === 'ec';
  return {
    // The signer has better words, or another way, for the rest.
    key: isPlain ? object : pkcs8,
    certificate: leaf.x509.raw,
    chain: certificatesAbove(leaf, certificates).map(({ x509 }) => x509.raw),
  };
}

function readCertificates(bags: readonly Bag<Uint8Array>[]): readonly FoundCertificate[] {
  if (bags.length > MOST_CERTIFICATES) {
    const message = `holds ${bags.length} certificates, more than ${MOST_CERTIFICATES}. Keep those of the identity.`;
    throw new Pkcs12Fault('CERTIFICATE_INVALID', message);
  }
  return bags.map(({ content, localKeyId }) => {
    try {
      return { x509: new X509Certificate(content), localKeyId };
    } catch (cause) {
      const message = 'holds a certificate that is damaged. Replace it with an intact one.';
      throw new Pkcs12Fault('CERTIFICATE_INVALID', message, cause);
    }
  });
}

/** By its public key; by the identifier where that cannot be told. */
function findKey({ content, localKeyId }: Bag<Uint8Array>, all: readonly FoundCertificate[]): FoundKey {
  const object = readKey(content);
  const isOwn = ({ x509, localKeyId: id }: FoundCertificate): boolean =>
    object === undefined ? id !== undefined && id === localKeyId : belongs(x509, object);
  const certificates = all.filter(isOwn).toSorted((a, b) => endOf(b) - endOf(a));
  return { pkcs8: content, object, localKeyId, certificates };
}

function readKey(pkcs8: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

function belongs(x509: X509Certificate, key: KeyObject): boolean {
  try {
    return x509.checkPrivateKey(key);
  } catch {
    return false;
  }
}

function endOf({ x509 }: FoundCertificate): number {
  return Date.parse(x509.validTo);
}

/** Of several keys the one whose certificate is no CA's and tied to it by the localKeyID. */
function selectKey(found: readonly FoundKey[], certificates: readonly FoundCertificate[]): FoundKey {
  const keys = found.filter((one, place) => found.findIndex((other) => isSameKey(one, other)) === place);
  const [only, another] = keys;
  if (only === undefined) {
    const what =
      certificates.length === 0
        ? 'neither a private key nor a certificate'
        : 'certificates but no private key';
    const advice = 'Export it again with its key.';
    throw new Pkcs12Fault('PRIVATE_KEY_INVALID', `holds ${what}. ${advice}`);
  }
  if (another === undefined) return only;
  const [tied, ...others] = keys.filter(isTied);
  if (tied !== undefined && others.length === 0) return tied;
  const owners = keys.flatMap((key) => key.certificates.slice(0, 1)).map(({ x509 }) => nameOf(x509));
  const which = owners.length === 0 ? '' : ` (${owners.slice(0, MOST_NAMES).join('; ')})`;
  const advice =
    'Make a file with the one to use: keytool -importkeystore -srcalias ALIAS, or openssl pkcs12 -nodes and -export.';
  throw new Pkcs12Fault('PRIVATE_KEY_INVALID', `holds ${keys.length} private keys${which}. ${advice}`);
}

function isSameKey(one: FoundKey, other: FoundKey): boolean {
  if (one.object === undefined || other.object === undefined)
    return Buffer.compare(one.pkcs8, other.pkcs8) === 0;
  return createPublicKey(one.object).equals(createPublicKey(other.object));
}

function isTied({ localKeyId, certificates }: FoundKey): boolean {
  return certificates.some(({ x509, localKeyId: id }) => id !== undefined && id === localKeyId && !x509.ca);
}

function nameOf(x509: X509Certificate): string {
  return x509.subject.split('\n').join(', ').slice(0, 100);
}

/** Those that may have issued the leaf, those that may have issued these, and so on; by name and key identifier. */
function certificatesAbove(
  leaf: FoundCertificate,
  all: readonly FoundCertificate[],
): readonly FoundCertificate[] {
  const above = new Set<FoundCertificate>([leaf]);
  // A set gives what is added to it while it is being walked.
  for (const { x509 } of above) {
    for (const other of all)
      if (x509.issuer === other.x509.subject && x509.checkIssued(other.x509)) above.add(other);
  }
  above.delete(leaf);
  return [...above];
}
