import { createHmac, timingSafeEqual } from 'node:crypto';
import type { BerValue } from '../container/ber.js';
import { readObjectIdentifier, readSequence } from '../container/ber-values.js';
import type { MacData } from '../container/read-pfx.js';
import { malformed, unsupported } from '../pkcs12-fault.js';
import { deriveKey } from './decrypt.js';
import { PURPOSE, derivePkcs12Key } from './derive-pkcs12-key.js';
import { HASHES, HMACS, type HashFunction } from './hashes.js';
import type { IterationBudget } from './iteration-budget.js';
import { costOfDerivation, readKeyDerivation } from './key-derivation.js';
import type { Secret } from './secrets.js';

/** What is made sure of, and by what. */
export interface Authenticated {
  readonly authenticated: Uint8Array;
  readonly mac: MacData;
}

const PBMAC1 = '1.2.840.113549.1.5.14';
const LONGEST_MAC_KEY = 128;

/**
 * Whether the MAC of a file was made with this secret.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 * @see RFC 7292 §5.1 (step 8), RFC 9579 (PBMAC1)
 */
export async function verifyMac(
  { authenticated, mac }: Authenticated,
  secret: Secret,
  spend: IterationBudget,
): Promise<boolean> {
  const { hash, key } = await macKey(mac, secret, spend);
  if (mac.digest.length !== hash.digestOctets) throw malformed('its MAC has a wrong length');
  return timingSafeEqual(createHmac(hash.name, key).update(authenticated).digest(), mac.digest);
}

interface MacKey {
  readonly hash: HashFunction;
  readonly key: Uint8Array;
}

async function macKey(mac: MacData, secret: Secret, spend: IterationBudget): Promise<MacKey> {
  const [id, parameters] = readSequence(mac.algorithm);
  const oid = readObjectIdentifier(id);
  if (oid === PBMAC1) return pbmac1Key(readSequence(parameters), secret, spend);
  const hash = HASHES[oid];
  if (hash === undefined) throw unsupported(`a MAC of the hash function ${oid}`);
  const { salt, iterations } = mac;
  if (iterations < 1) throw malformed('a count of its key derivation is zero');
  spend({ iterations, passes: 1 });
  const derivation = { hash, purpose: PURPOSE.mac, salt, iterations, octets: hash.digestOctets };
  return { hash, key: await derivePkcs12Key(secret.bmp, derivation) };
}

/** Salt and count of the MAC itself are not used then; the length of the key must be named (RFC 9579 §4 and §5). */
async function pbmac1Key(
  [keyDerivation, scheme]: readonly BerValue[],
  secret: Secret,
  spend: IterationBudget,
): Promise<MacKey> {
  const derivation = readKeyDerivation(keyDerivation);
  const oid = readObjectIdentifier(readSequence(scheme)[0]);
  const hash = HMACS[oid];
  if (hash === undefined) throw unsupported(`a MAC of the function ${oid}`);
  const { keyOctets = 0 } = derivation;
  if (keyOctets < 1 || keyOctets > LONGEST_MAC_KEY)
    throw malformed('the length of the key of its MAC is missing or absurd');
  spend(costOfDerivation(derivation, keyOctets));
  return { hash, key: await deriveKey(derivation, secret, keyOctets) };
}
