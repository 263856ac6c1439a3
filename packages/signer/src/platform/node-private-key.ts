import { type KeyObject, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { SigningAlgorithm, SigningKey } from '../identity/signing-key.js';
import { signingKeyOfCryptoKey } from './crypto-key.js';
import { readMlDsaPrivateKey } from './ml-dsa.js';
import { decryptPbes2 } from './node-pbes2.js';
import { nobleSigningKey } from './noble-ml-dsa.js';
import { MAXIMUM_ITERATIONS, highestCount } from './pbes2-scheme.js';
import { tooExpensive, type KeyFault, type PrivateKeyData } from './platform.js';
import { takesShortHash } from './short-hash.js';

/** Names of OpenSSL for the curves of the service's clients. P-256 signs faster than a thread of the pool is reached. */
const CURVES: Readonly<Record<string, { readonly onLoop: boolean }>> = {
  prime256v1: { onLoop: true },
  secp384r1: { onLoop: false },
  secp521r1: { onLoop: false },
};

/** OpenSSL verifies none that is longer, and a signature takes the more time. */
const MAXIMUM_RSA_BITS = 16_384;

/** OpenSSL derives the key of an old encryption where it is called: what takes longer than some milliseconds gets a thread. */
const MAXIMUM_ITERATIONS_ON_LOOP = 20_000;

/** Opens a private key of any form: PBES2 in the thread pool, the rest with OpenSSL. */
export async function openPrivateKey(data: PrivateKeyData): Promise<SigningKey | KeyFault> {
  if (data.form === 'pkcs8') return openPkcs8(data);
  if (data.form !== 'encrypted-pkcs8') return openByOpenssl(data);
  try {
    const opened = await decryptPbes2(data);
    if (opened instanceof Uint8Array) return openPkcs8({ form: 'pkcs8', der: opened });
    if (opened !== undefined) return opened;
    const iterations = highestCount(data.der);
    if (iterations > MAXIMUM_ITERATIONS) return tooExpensive;
    if (iterations > MAXIMUM_ITERATIONS_ON_LOOP) return await openInThread(data);
  } catch (cause) {
    return { fault: 'PRIVATE_KEY_INVALID', detail: 'is damaged and cannot be read.', cause };
  }
  return openByOpenssl(data);
}

async function openInThread(data: PrivateKeyData): Promise<SigningKey | KeyFault> {
  const { openOldEncryption } = await import('./old-encryption.js');
  const result = await openOldEncryption(data).catch(() => undefined);
  // Better late than never.
  if (result === undefined) return openByOpenssl(data);
  if ('refusal' in result) return faultOf(result.refusal, data);
  return openPkcs8({ form: 'pkcs8', der: result.pkcs8 });
}

/** ML-DSA keys by OpenSSL where it has them (Node from 24.6 on), else by a library. */
async function openPkcs8(data: PrivateKeyData): Promise<SigningKey | KeyFault> {
  const opened = openByOpenssl(data);
  if (!('fault' in opened)) return opened;
  try {
    const key = readMlDsaPrivateKey(data.der);
    if (key === undefined) return opened;
    const { nodeMlDsa } = await import('./node-ml-dsa.js');
    return await nobleSigningKey(key, nodeMlDsa);
  } catch (cause) {
    return { fault: 'PRIVATE_KEY_INVALID', detail: 'is damaged and cannot be read.', cause };
  }
}

function openByOpenssl(data: PrivateKeyData): SigningKey | KeyFault {
  const passphrase = data.passphrase === undefined ? {} : { passphrase: data.passphrase };
  let key: KeyObject;
  try {
    key =
      data.pem === undefined
        ? createPrivateKey({ key: Buffer.from(data.der), format: 'der', type: typeOf(data), ...passphrase })
        : createPrivateKey({ key: data.pem, format: 'pem', ...passphrase });
  } catch (cause) {
    return faultOf(cause, data);
  }
  return signingKeyOfKeyObject(key);
}

/** Signs with a private `KeyObject`: P-256 on the event loop, everything else in the thread pool. */
export function signingKeyOfKeyObject(key: KeyObject): SigningKey | KeyFault {
  if (key.type !== 'private') return { fault: 'PRIVATE_KEY_INVALID', detail: 'is not a private key.' };
  if (key.asymmetricKeyType === 'rsa') {
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (bits > MAXIMUM_RSA_BITS) return unsupported(`is an RSA key of ${bits} bits.`);
    return signingKey(key, 'AWS4-X509-RSA-SHA256', signInPool(key));
  }
  // Node from 24.6 on; its typings for 20 do not know these names.
  if (/^ml-dsa-(44|65|87)$/.test(String(key.asymmetricKeyType)))
    return signingKey(key, 'AWS4-X509-MLDSA', signInPool(key, null));
  if (key.asymmetricKeyType !== 'ec') return unsupported(`is of type ${key.asymmetricKeyType}.`);
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const known = curve === undefined ? undefined : CURVES[curve];
  if (known === undefined) return unsupported(`is an EC key on the curve ${curve ?? '(unnamed)'}.`);
  if (!takesShortHash(key)) return signingKey(key, 'AWS4-X509-ECDSA-SHA256', signByWebCrypto(key));
  return signingKey(key, 'AWS4-X509-ECDSA-SHA256', known.onLoop ? signOnLoop(key) : signInPool(key));
}

function signingKey(key: KeyObject, algorithm: SigningAlgorithm, signWith: SigningKey['sign']): SigningKey {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { algorithm, publicKey, sign: signWith };
}

function signOnLoop(key: KeyObject): SigningKey['sign'] {
  return async (message) => sign('sha256', message, key);
}

function signInPool(key: KeyObject, hash: 'sha256' | null = 'sha256'): SigningKey['sign'] {
  return (message) =>
    new Promise((resolve, reject) => {
      sign(hash, message, key, (error, signature) => (error ? reject(error) : resolve(signature)));
    });
}

function signByWebCrypto(key: KeyObject): SigningKey['sign'] {
  const parameters = { name: 'ECDSA', namedCurve: 'P-521' };
  const pkcs8 = new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }));
  return async (message) => {
    const imported = await crypto.subtle.importKey('pkcs8', pkcs8, parameters, false, ['sign']);
    const signing = signingKeyOfCryptoKey(imported);
    if ('fault' in signing) throw new TypeError(signing.detail);
    return signing.sign(message);
  };
}

function typeOf({ form }: PrivateKeyData): 'pkcs8' | 'pkcs1' | 'sec1' {
  return form === 'pkcs1' || form === 'sec1' ? form : 'pkcs8';
}

/** OpenSSL's codes, as seen with Node 20 to 26. */
function faultOf(cause: unknown, data: PrivateKeyData): KeyFault {
  // Node's own errors are not instances of another realm's `Error`, such as the one that Jest makes.
  const error = typeof cause === 'object' && cause !== null ? cause : {};
  const code = 'code' in error ? error.code : undefined;
  const stack = 'opensslErrorStack' in error ? String(error.opensslErrorStack) : '';
  if (code === 'ERR_OSSL_EVP_UNSUPPORTED')
    return {
      ...unsupported('is encrypted with a cipher that this platform does not have.', cause),
      cipherUnknown: true,
    };
  if (/unsupported (private key )?algorithm/.test(stack))
    return unsupported('is of a type that this platform does not know.', cause);
  if (data.passphrase === undefined)
    return { fault: 'PRIVATE_KEY_INVALID', detail: 'is damaged and cannot be read.', cause };
  // A wrong passphrase can, by chance, decrypt to well-padded nonsense, so every other failure counts as one.
  return { fault: 'PASSPHRASE_WRONG', detail: 'does not open with the given passphrase.', cause };
}

function unsupported(detail: string, cause?: unknown): KeyFault {
  return { fault: 'KEY_UNSUPPORTED', detail, cause };
}
