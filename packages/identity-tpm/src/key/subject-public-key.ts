import { createPublicKey } from 'node:crypto';
import type { EccPublic, RsaPublic } from '../tpm/public-area.js';

/** A curve that certificates and the service know. */
export interface Curve {
  readonly name: string;
  /** Octets of a coordinate, and of the numbers of a signature. */
  readonly octets: number;
}

/** By TPM_ECC_CURVE. @see TCG Algorithm Registry, TPM_ECC_CURVE */
export const CURVES: Readonly<Record<number, Curve>> = {
  3: { name: 'P-256', octets: 32 },
  4: { name: 'P-384', octets: 48 },
  5: { name: 'P-521', octets: 66 },
};

/**
 * The SubjectPublicKeyInfo, DER, of a key in a TPM.
 *
 * @throws RangeError for a curve that is not in {@link CURVES}; TypeError or Error of `node:crypto` for what is no key,
 *   such as a point beside its curve
 * @see RFC 5280 §4.1.2.7
 */
export function subjectPublicKey(key: RsaPublic | EccPublic): Uint8Array {
  const jwk = key.type === 'RSA' ? rsaJwk(key) : eccJwk(key);
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
}

interface Jwk {
  readonly [name: string]: string;
}

function rsaJwk({ modulus, exponent }: RsaPublic): Jwk {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(exponent);
  const first = octets.findIndex((octet) => octet !== 0);
  return { kty: 'RSA', n: base64url(modulus), e: base64url(octets.subarray(Math.max(first, 0))) };
}

/** A TPM may leave out the zeros at the beginning of a coordinate; a JWK must have them (RFC 7518 §6.2.1.2). */
function eccJwk({ curve, x, y }: EccPublic): Jwk {
  const known = CURVES[curve];
  if (known === undefined) throw new RangeError(`the curve ${curve} is not known`);
  return { kty: 'EC', crv: known.name, x: coordinate(x, known), y: coordinate(y, known) };
}

function coordinate(value: Uint8Array, { octets }: Curve): string {
  if (value.length === 0 || value.length > octets) throw new RangeError('a coordinate has a wrong length');
  return base64url(Buffer.concat([Buffer.alloc(octets - value.length), value]));
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
