import { type KeyObject, type X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bag } from './container/read-safe-contents.js';
import type { FoundCertificate } from './found-certificate.js';
import { Pkcs12Fault } from './pkcs12-fault.js';

/** A private key of a file. */
export interface FoundKey {
  readonly pkcs8: Uint8Array;
  /** Undefined when `node:crypto` cannot read it. */
  readonly object: KeyObject | undefined;
  readonly localKeyId: string | undefined;
  /** Those that were issued for this key, the one that ends last first. */
  readonly certificates: readonly FoundCertificate[];
}

/** Java's keystores may hold several. */
const MOST_KEYS = 16;

/** Each key once, however many bags it is in. @throws Pkcs12Fault `PRIVATE_KEY_INVALID` for more than 16 */
export async function readKeys(
  bags: readonly Bag<Uint8Array>[],
  certificates: readonly FoundCertificate[],
): Promise<readonly FoundKey[]> {
  if (bags.length > MOST_KEYS) {
    const message = `holds ${bags.length} private keys, more than ${MOST_KEYS}. Make a file with the one to use.`;
    throw new Pkcs12Fault('PRIVATE_KEY_INVALID', message);
  }
  const found = new Map<string, FoundKey>();
  for (const { content, localKeyId } of bags) {
    const object = readKey(content);
    const publicKey = object && createPublicKey(object).export({ type: 'spki', format: 'der' });
    const own = ownOf({ object, publicKey, localKeyId }, certificates);
    const name = (publicKey ?? Buffer.from(content)).toString('base64');
    const key = {
      pkcs8: content,
      object,
      localKeyId,
      certificates: own.toSorted((a, b) => endOf(b) - endOf(a)),
    };
    if (!found.has(name)) found.set(name, key);
    await nextTurn();
  }
  return [...found.values()];
}

function readKey(pkcs8: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

interface Owner {
  readonly object: KeyObject | undefined;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Buffer | undefined;
  readonly localKeyId: string | undefined;
}

/** By its public key; by the identifier where that cannot be told. */
function ownOf(
  { object, publicKey, localKeyId }: Owner,
  all: readonly FoundCertificate[],
): readonly FoundCertificate[] {
  if (object === undefined || publicKey === undefined)
    return all.filter((one) => one.localKeyId !== undefined && one.localKeyId === localKeyId);
  // Most hold it exactly as it is written here, and looking for octets takes a hundredth of the time.
  const likely = all.filter(({ der }) => der.includes(publicKey));
  return (likely.length > 0 ? likely : all).filter(({ x509 }) => belongs(x509, object));
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
