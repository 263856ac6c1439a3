import { hasTag, readBitOctets, readInteger, readObjectIdentifier, readSequence } from '../der/der-values.js';
import { readDer, TAG, type DerNode } from '../der/read-der.js';
import type { CertificatePublicKey } from './certificate.js';

const OID = {
  rsa: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  ec: '1.2.840.10045.2.1',
} as const;

const ML_DSA_OIDS: ReadonlySet<string> = new Set([
  '2.16.840.1.101.3.4.3.17',
  '2.16.840.1.101.3.4.3.18',
  '2.16.840.1.101.3.4.3.19',
]);

/** Modulus and exponent of a 16,384 bit key, the largest that OpenSSL takes. */
const LONGEST_RSA_KEY_BYTES = 4224;

const CURVE_BY_OID: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
};

/** A SubjectPublicKeyInfo. @throws Error when it is not one @see RFC 5280 §4.1.2.7 */
export function readPublicKey(node: DerNode | undefined): CertificatePublicKey {
  const [algorithm, key, ...rest] = readSequence(node, 'the public key');
  const [type, parameters] = readSequence(algorithm, 'the public key algorithm');
  const oid = readObjectIdentifier(type, 'the public key algorithm');
  const octets = readBitOctets(key, 'the public key value');
  if (node === undefined || rest.length > 0) throw new Error('the public key has extra parts');
  const base = { spki: node.der, oid };
  if (oid === OID.rsa) return { ...base, algorithm: 'RSA', ...readRsaKey(octets) };
  if (oid === OID.rsaPss) return { ...base, algorithm: 'RSA-PSS', ...readRsaKey(octets) };
  if (oid === OID.ec) return { ...base, algorithm: 'EC', ...readCurve(parameters) };
  return { ...base, algorithm: ML_DSA_OIDS.has(oid) ? 'ML-DSA' : 'other' };
}

/** @see RFC 8017 appendix A.1.1 */
function readRsaKey(
  key: Uint8Array,
): Required<Pick<CertificatePublicKey, 'modulusLength' | 'publicExponent'>> {
  const [modulus, exponent] = readSequence(readDer(key, LONGEST_RSA_KEY_BYTES), 'the RSA key');
  const value = readInteger(modulus, 'the RSA modulus');
  if (value <= 0n) throw new Error('the RSA modulus is not positive');
  return {
    modulusLength: value.toString(2).length,
    publicExponent: readInteger(exponent, 'the RSA public exponent'),
  };
}

function readCurve(parameters: DerNode | undefined): { readonly curve?: string } {
  // Anything but a named curve is left without a name: RFC 5480 §2.1.1 allows no other form.
  if (!hasTag(parameters, TAG.objectIdentifier)) return {};
  const oid = readObjectIdentifier(parameters, 'the curve');
  return { curve: (Object.hasOwn(CURVE_BY_OID, oid) ? CURVE_BY_OID[oid] : undefined) ?? oid };
}
