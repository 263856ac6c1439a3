import type { KeyObject } from 'node:crypto';
import { type FoundCertificate, certificatesAbove, readCertificates } from './found-certificate.js';
import { type FoundKey, readKeys } from './found-key.js';
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

const MOST_NAMES = 4;

/**
 * Finds the key, its certificate and the certificates above that one among what a file holds. Certificates that have nothing to
 * do with the key are left out.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID` when there is no key or more than one, `CERTIFICATE_INVALID`, `CHAIN_INVALID`
 */
export async function selectIdentity(contents: Pkcs12Contents): Promise<SelectedIdentity> {
  const certificates = await readCertificates(contents.certificates);
  const keys = await readKeys(contents.keys, certificates);
  const { pkcs8, object, certificates: own } = selectKey(keys, certificates);
  // Where none is the key's own, the one that is taken serves to say so.
  const leaf = own[0] ?? certificates.find(({ x509 }) => !x509.ca) ?? certificates[0];
  if (leaf === undefined) {
    const advice = 'Make it with its certificate: openssl pkcs12 -export -inkey KEY -in CERTIFICATE.';
    throw new Pkcs12Fault('CERTIFICATE_INVALID', `holds a private key but no certificate. ${advice}`);
  }
  const isPlain = object?.asymmetricKeyType === 'rsa' || object?.asymmetricKeyType === 'ec';
  const chain = await certificatesAbove(leaf, certificates);
  return {
    // The signer has better words, or another way, for the rest.
    key: isPlain ? object : pkcs8,
    certificate: leaf.x509.raw,
    chain: chain.map(({ x509 }) => x509.raw),
  };
}

/** Of several keys the one that alone is tied to an end entity's certificate by the localKeyID, else that alone has one at all. */
function selectKey(keys: readonly FoundKey[], certificates: readonly FoundCertificate[]): FoundKey {
  const [only, another] = keys;
  if (only === undefined) throw noKey(certificates);
  if (another === undefined) return only;
  for (const candidates of [keys.filter(isTied), keys.filter(hasLeaf)]) {
    const [candidate, ...others] = candidates;
    if (candidate !== undefined && others.length === 0) return candidate;
  }
  throw severalKeys(keys);
}

function isTied({ localKeyId, certificates }: FoundKey): boolean {
  return certificates.some(({ x509, localKeyId: id }) => id !== undefined && id === localKeyId && !x509.ca);
}

function hasLeaf({ certificates }: FoundKey): boolean {
  return certificates.some(({ x509 }) => !x509.ca);
}

function noKey(certificates: readonly FoundCertificate[]): Pkcs12Fault {
  const what =
    certificates.length === 0 ? 'neither a private key nor a certificate' : 'certificates but no private key';
  return new Pkcs12Fault('PRIVATE_KEY_INVALID', `holds ${what}. Export it again with its key.`);
}

function severalKeys(keys: readonly FoundKey[]): Pkcs12Fault {
  const owners = keys.flatMap((key) => key.certificates.slice(0, 1)).map(nameOf);
  const which = owners.length === 0 ? '' : ` (${owners.slice(0, MOST_NAMES).join('; ')})`;
  const advice =
    'Make a file with the one to use: keytool -importkeystore -srcalias ALIAS, or openssl pkcs12 -nodes and -export.';
  return new Pkcs12Fault('PRIVATE_KEY_INVALID', `holds ${keys.length} private keys${which}. ${advice}`);
}

function nameOf({ subject }: FoundCertificate): string {
  return subject.split('\n').join(', ').slice(0, 100);
}
