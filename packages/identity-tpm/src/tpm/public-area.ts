import { createHash } from 'node:crypto';
import { ALGORITHM, DIGEST_OCTETS, HASH_NAMES } from './constants.js';
import { type TpmReader, createReader } from './reader.js';
import { u16 } from './writer.js';

/** The public half of a key as a TPM has it (`TPMT_PUBLIC`), RSA or elliptic curve. */
export interface PublicArea {
  /** As it was read. */
  readonly bytes: Uint8Array;
  readonly nameAlgorithm: number;
  /** TPMA_OBJECT. */
  readonly attributes: number;
  /** The scheme that the key is bound to; `ALGORITHM.null` for a key that is free. */
  readonly scheme: number;
  /** The hash of the scheme; `ALGORITHM.null` for none. */
  readonly schemeHash: number;
  readonly key: RsaPublic | EccPublic;
}

/** An RSA public key. */
export interface RsaPublic {
  readonly type: 'RSA';
  readonly modulus: Uint8Array;
  readonly exponent: number;
}

/** A point on a curve. `curve` is a TPM_ECC_CURVE. */
export interface EccPublic {
  readonly type: 'ECC';
  readonly curve: number;
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

/** RSA keys may leave their exponent out. @see TPM 2.0 Library Part 2, TPMS_RSA_PARMS */
const DEFAULT_EXPONENT = 65_537;

/** Schemes that have no hash: none, RSAES, and the null scheme. */
const WITHOUT_HASH: ReadonlySet<number> = new Set([ALGORITHM.null, 0x0015]);
/** ECDAA carries a counter after its hash. */
const ECDAA = 0x001a;

/**
 * Reads the content of a `TPM2B_PUBLIC`; undefined for a kind of object that is neither RSA nor elliptic curve.
 *
 * @throws RangeError when the bytes are not one
 * @see TPM 2.0 Library Part 2 §12.2.4 (TPMT_PUBLIC)
 */
export function parsePublicArea(bytes: Uint8Array): PublicArea | undefined {
  const reader = createReader(bytes);
  const type = reader.u16();
  const nameAlgorithm = reader.u16();
  const attributes = reader.u32();
  reader.sized();
  if (type !== ALGORITHM.rsa && type !== ALGORITHM.ecc) return undefined;
  skipSymmetric(reader);
  const { scheme, schemeHash } = readScheme(reader);
  const key = type === ALGORITHM.rsa ? readRsa(reader) : readEcc(reader);
  reader.end();
  return { bytes, nameAlgorithm, attributes, scheme, schemeHash, key };
}

/**
 * The attributes (TPMA_OBJECT) of the content of a `TPM2B_PUBLIC`, whatever kind of object it is.
 *
 * @throws RangeError when the bytes are not one
 */
export function attributesOf(bytes: Uint8Array): number {
  const reader = createReader(bytes);
  reader.bytes(4);
  return reader.u32();
}

/**
 * The name of an object: what a TPM knows it by, made of its public area. In hexadecimal.
 *
 * @throws RangeError for a name algorithm that is not known here
 * @see TPM 2.0 Library Part 1 §16 (names)
 */
export function nameOf({ bytes, nameAlgorithm }: PublicArea): string {
  const hash = HASH_NAMES[nameAlgorithm];
  if (hash === undefined || DIGEST_OCTETS[nameAlgorithm] === undefined)
    throw new RangeError(`the name algorithm 0x${nameAlgorithm.toString(16)} is not known`);
  const digest = createHash(hash).update(bytes).digest();
  return Buffer.concat([u16(nameAlgorithm), digest]).toString('hex');
}

function skipSymmetric(reader: TpmReader): void {
  if (reader.u16() === ALGORITHM.null) return;
  reader.bytes(4);
}

function readScheme(reader: TpmReader): { readonly scheme: number; readonly schemeHash: number } {
  const scheme = reader.u16();
  const schemeHash = WITHOUT_HASH.has(scheme) ? ALGORITHM.null : reader.u16();
  if (scheme === ECDAA) reader.u16();
  return { scheme, schemeHash };
}

function readRsa(reader: TpmReader): RsaPublic {
  const bits = reader.u16();
  const exponent = reader.u32();
  const modulus = reader.sized();
  if (modulus.length * 8 !== bits) throw new RangeError('the modulus has not the length that it should have');
  return { type: 'RSA', modulus, exponent: exponent === 0 ? DEFAULT_EXPONENT : exponent };
}

function readEcc(reader: TpmReader): EccPublic {
  const curve = reader.u16();
  if (reader.u16() !== ALGORITHM.null) reader.u16();
  return { type: 'ECC', curve, x: reader.sized(), y: reader.sized() };
}
