import {
  type DerElement,
  TAG,
  readDer,
  readDerChildren,
  readDerSequence,
  readObjectIdentifier,
  writeDer,
} from '../x509/der.js';

/** A parameter set of ML-DSA. Lengths in octets. @see FIPS 204 table 2 */
export interface MlDsaSet {
  readonly name: 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87';
  readonly expandedKeyOctets: number;
  readonly publicKeyOctets: number;
}

/** RFC 9881 §2 */
const SETS: Readonly<Record<string, MlDsaSet>> = {
  '2.16.840.1.101.3.4.3.17': { name: 'ML-DSA-44', expandedKeyOctets: 2560, publicKeyOctets: 1312 },
  '2.16.840.1.101.3.4.3.18': { name: 'ML-DSA-65', expandedKeyOctets: 4032, publicKeyOctets: 1952 },
  '2.16.840.1.101.3.4.3.19': { name: 'ML-DSA-87', expandedKeyOctets: 4896, publicKeyOctets: 2592 },
};

const SEED_OCTETS = 32;
/** `[0] IMPLICIT OCTET STRING` (RFC 9881 §6) */
const SEED_TAG = 0x80;

/** A private ML-DSA key as its file has it: the seed, the key that comes of it, or both. */
export interface MlDsaPrivateKey {
  readonly set: MlDsaSet;
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array;
  readonly seed?: Uint8Array;
  readonly expandedKey?: Uint8Array;
}

/** The parameter set that an AlgorithmIdentifier names; undefined for other algorithms. */
export function mlDsaSet(algorithm: DerElement | undefined): MlDsaSet | undefined {
  const [oid] = algorithm === undefined ? [] : readDerChildren(algorithm);
  return oid?.tag === TAG.objectIdentifier ? SETS[readObjectIdentifier(oid.content)] : undefined;
}

/**
 * Reads an ML-DSA key from PKCS#8, in each of its three layouts. Undefined when it is a key of another algorithm.
 *
 * @throws RangeError when it is damaged
 * @see RFC 9881 §6
 */
export function readMlDsaPrivateKey(pkcs8: Uint8Array): MlDsaPrivateKey | undefined {
  const [, algorithm, wrapped] = readDerSequence(pkcs8);
  const set = mlDsaSet(algorithm);
  if (algorithm === undefined || set === undefined) return undefined;
  if (wrapped?.tag !== TAG.octetString) throw new RangeError('no private key');
  const inner = readDer(wrapped.content);
  const [seed, expandedKey] = layoutOf(inner);
  if (seed !== undefined && seed.length !== SEED_OCTETS) throw new RangeError('a seed of the wrong length');
  if (expandedKey !== undefined && expandedKey.length !== set.expandedKeyOctets)
    throw new RangeError('a private key of the wrong length');
  return { set, algorithm: algorithm.bytes, ...(seed && { seed }), ...(expandedKey && { expandedKey }) };
}

function layoutOf(inner: DerElement): readonly [seed?: Uint8Array | undefined, expandedKey?: Uint8Array] {
  if (inner.tag === SEED_TAG) return [inner.content];
  if (inner.tag === TAG.octetString) return [undefined, inner.content];
  const [seed, expandedKey, ...rest] = inner.tag === TAG.sequence ? readDerChildren(inner) : [];
  if (seed?.tag === TAG.octetString && expandedKey?.tag === TAG.octetString && rest.length === 0)
    return [seed.content, expandedKey.content];
  throw new RangeError('an unknown layout of the private key');
}

/** The raw key inside a SubjectPublicKeyInfo, with its set; undefined for keys of other algorithms. @see RFC 9881 §4 */
export function readMlDsaPublicKey(
  spki: Uint8Array,
): { readonly set: MlDsaSet; readonly key: Uint8Array } | undefined {
  const [algorithm, bits] = readDerSequence(spki);
  const set = mlDsaSet(algorithm);
  if (set === undefined || bits?.tag !== TAG.bitString) return undefined;
  const key = bits.content.subarray(1);
  return key.length === set.publicKeyOctets ? { set, key } : undefined;
}

/** SubjectPublicKeyInfo, DER. */
export function writeMlDsaPublicKey(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return writeDer(TAG.sequence, algorithm, writeDer(TAG.bitString, new Uint8Array(1), key));
}
