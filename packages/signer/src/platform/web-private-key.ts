import type { SigningKey } from '../identity/signing-key.js';
import { TAG, readDerSequence, writeDer } from '../x509/der.js';
import { signingKeyOfCryptoKey } from './crypto-key.js';
import { decryptPbes2 } from './pbes2.js';
import { readMlDsaPrivateKey } from './ml-dsa.js';
import { loopMlDsa } from './loop-ml-dsa.js';
import { nobleSigningKey } from './noble-ml-dsa.js';
import type { KeyFault, PrivateKeyData } from './platform.js';
import { type ImportParameters, importParameters } from './web-public-key.js';

const INTEGER_ZERO = writeDer(TAG.integer, new Uint8Array(1));
const NULL = new Uint8Array([0x05, 0x00]);
/** 1.2.840.113549.1.1.1 (RFC 8017 §A.1) */
const RSA_ENCRYPTION = new Uint8Array([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]);
/** 1.2.840.10045.2.1 (RFC 5480 §2.1.1) */
const EC_PUBLIC_KEY = new Uint8Array([0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);
/** What a JSON Web Key has of the public key (RFC 7518 §6.2.1 and §6.3.1). */
const PUBLIC_MEMBERS = new Set(['kty', 'n', 'e', 'crv', 'x', 'y']);

/** Opens a private key with WebCrypto, which reads PKCS#8 only: the other forms are put into that first. */
export async function openPrivateKey(data: PrivateKeyData): Promise<SigningKey | KeyFault> {
  if (data.form === 'traditional')
    return {
      fault: 'KEY_UNSUPPORTED',
      detail: 'has the old PEM encryption, which WebCrypto cannot undo.',
      cipherUnknown: true,
    };
  try {
    const pkcs8 = data.form === 'encrypted-pkcs8' ? await decryptPbes2(data) : toPkcs8(data);
    return pkcs8 instanceof Uint8Array ? await importPkcs8(pkcs8) : pkcs8;
  } catch (cause) {
    return { fault: 'PRIVATE_KEY_INVALID', detail: 'is damaged and cannot be read.', cause };
  }
}

/** RFC 5958 §2; an EC key names its curve in itself (RFC 5915 §3). */
function toPkcs8({ form, der }: PrivateKeyData): Uint8Array {
  if (form === 'pkcs8') return der;
  const key = writeDer(TAG.octetString, der);
  if (form === 'pkcs1')
    return writeDer(TAG.sequence, INTEGER_ZERO, writeDer(TAG.sequence, RSA_ENCRYPTION, NULL), key);
  const curve = readDerSequence(der).find((element) => element.tag === 0xa0)?.content ?? NULL;
  return writeDer(TAG.sequence, INTEGER_ZERO, writeDer(TAG.sequence, EC_PUBLIC_KEY, curve), key);
}

async function importPkcs8(pkcs8: Uint8Array): Promise<SigningKey | KeyFault> {
  const mlDsa = readMlDsaPrivateKey(pkcs8);
  if (mlDsa !== undefined) return nobleSigningKey(mlDsa, loopMlDsa);
  const algorithm = readDerSequence(pkcs8)[1];
  const parameters = algorithm && importParameters(algorithm);
  if (parameters === undefined)
    return {
      fault: 'KEY_UNSUPPORTED',
      detail: 'is of a type or on a curve that this platform does not know.',
    };
  const bytes = pkcs8.slice();
  const publicKey = await publicKeyOf(bytes, parameters);
  const key = signingKeyOfCryptoKey(
    await crypto.subtle.importKey('pkcs8', bytes, parameters, false, ['sign']),
  );
  return 'fault' in key ? key : { ...key, publicKey };
}

/** WebCrypto has no way from a private key to its public key but by JSON Web Key. */
async function publicKeyOf(
  pkcs8: Uint8Array<ArrayBuffer>,
  parameters: ImportParameters,
): Promise<Uint8Array> {
  const extractable = await crypto.subtle.importKey('pkcs8', pkcs8, parameters, true, ['sign']);
  const members = Object.entries(await crypto.subtle.exportKey('jwk', extractable));
  const jwk: JsonWebKey = Object.fromEntries(members.filter(([name]) => PUBLIC_MEMBERS.has(name)));
  const publicKey = await crypto.subtle.importKey('jwk', jwk, parameters, true, ['verify']);
  return new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
}
