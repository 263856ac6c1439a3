import { type DerElement, readDerChildren, readDerSequence, readObjectIdentifier } from '../x509/der.js';
import { CURVE_OCTETS, ECDSA_PARAMETERS, RSA_PARAMETERS } from './crypto-key.js';
import { ecdsaDerToRaw } from './ecdsa-signature.js';
import type { SignatureCheck } from './platform.js';

/** What WebCrypto must be told about a key before it reads it. */
export type ImportParameters =
  typeof RSA_PARAMETERS | { readonly name: 'ECDSA'; readonly namedCurve: string };

/** RFC 5480 §2.1.1.1 */
export const CURVES: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
};

/** The parameters that an AlgorithmIdentifier asks for; undefined for other keys and curves. */
export function importParameters(algorithm: DerElement): ImportParameters | undefined {
  const [oid, curve] = readDerChildren(algorithm);
  const name = oid === undefined ? '' : readObjectIdentifier(oid.content);
  if (name === '1.2.840.113549.1.1.1') return RSA_PARAMETERS;
  const namedCurve = curve === undefined ? undefined : CURVES[readObjectIdentifier(curve.content)];
  const isEc = name === '1.2.840.10045.2.1' && namedCurve !== undefined;
  return isEc ? { name: 'ECDSA', namedCurve } : undefined;
}

/** True when the signature is right. ECDSA signatures must be DER. */
export async function verifyWithPublicKey(check: SignatureCheck): Promise<boolean> {
  const [algorithm] = readDerSequence(check.publicKey);
  const parameters = algorithm && importParameters(algorithm);
  if (parameters === undefined) return false;
  const key = await crypto.subtle.importKey('spki', check.publicKey.slice(), parameters, false, ['verify']);
  const message = check.message.slice();
  if (!('namedCurve' in parameters))
    return crypto.subtle.verify(RSA_PARAMETERS, key, check.signature.slice(), message);
  const raw = ecdsaDerToRaw(check.signature, CURVE_OCTETS[parameters.namedCurve] ?? 0);
  return raw !== undefined && crypto.subtle.verify(ECDSA_PARAMETERS, key, raw.slice(), message);
}
