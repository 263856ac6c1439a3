import type { BerValue } from '../container/ber.js';
import { readCount, readObjectIdentifier, readOctetString, readSequence } from '../container/ber-values.js';
import { malformed, unsupported } from '../pkcs12-fault.js';
import { HASHES, HMACS, type HashFunction } from './hashes.js';
import type { DerivationCost } from './iteration-budget.js';
import { type KeyDerivation, costOfDerivation, readKeyDerivation } from './key-derivation.js';

/** How the bytes of a file are made sure of: by an HMAC whose key is derived as PKCS#12 does it, or as PBMAC1 says. */
export interface Mac {
  readonly hash: HashFunction;
  readonly digest: Uint8Array;
  readonly keyOctets: number;
  readonly derivation:
    { readonly kind: 'pkcs12'; readonly salt: Uint8Array; readonly iterations: number } | KeyDerivation;
}

const PBMAC1 = '1.2.840.113549.1.5.14';
const LONGEST_KEY = 128;

/**
 * Understands the MacData of a file.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 * @see RFC 7292 §4 (the count of iterations is 1 when it is not there), RFC 9879 (PBMAC1)
 */
export function readMac(value: BerValue): Mac {
  const [digestInfo, salt, iterations] = readSequence(value);
  const [algorithm, octets] = readSequence(digestInfo);
  const [id, parameters] = readSequence(algorithm);
  const oid = readObjectIdentifier(id);
  const digest = readOctetString(octets);
  const mac =
    oid === PBMAC1
      ? { digest, ...readPbmac1(readSequence(parameters)) }
      : { digest, ...readPkcs12Mac(oid, { salt, iterations }) };
  if (digest.length !== mac.hash.digestOctets) throw malformed('its MAC has a wrong length');
  return mac;
}

/** What it takes to derive the key. */
export function costOfMac({ derivation, keyOctets }: Mac): DerivationCost {
  if (derivation.kind === 'pkcs12') return { iterations: derivation.iterations, passes: 1 };
  return costOfDerivation(derivation, keyOctets);
}

interface SaltAndCount {
  readonly salt: BerValue | undefined;
  readonly iterations: BerValue | undefined;
}

function readPkcs12Mac(oid: string, { salt, iterations }: SaltAndCount): Omit<Mac, 'digest'> {
  const hash = HASHES[oid];
  if (hash === undefined) throw unsupported(`a MAC of the hash function ${oid}`);
  const count = iterations === undefined ? 1 : readCount(iterations);
  if (count < 1) throw malformed('a count of its key derivation is zero');
  const derivation = { kind: 'pkcs12', salt: readOctetString(salt), iterations: count } as const;
  return { hash, keyOctets: hash.digestOctets, derivation };
}

/** Salt and count of the MAC itself are not used then; the length of the key must be named (RFC 9879 §4 and §5). */
function readPbmac1([keyDerivation, scheme]: readonly BerValue[]): Omit<Mac, 'digest'> {
  const derivation = readKeyDerivation(keyDerivation);
  const oid = readObjectIdentifier(readSequence(scheme)[0]);
  const hash = HMACS[oid];
  if (hash === undefined) throw unsupported(`a MAC of the function ${oid}`);
  const { keyOctets = 0 } = derivation;
  if (keyOctets < 1 || keyOctets > LONGEST_KEY)
    throw malformed('the length of the key of its MAC is missing or absurd');
  return { hash, keyOctets, derivation };
}
