import { readDerSequence } from '../x509/der.js';
import { readPbes2, type Pbes2Cipher, type Pbkdf2 } from './pbes2-scheme.js';
import { tooExpensive, type KeyFault, type PrivateKeyData } from './platform.js';

/**
 * Opens an encrypted PKCS#8 key with what WebCrypto has: PBES2 of PBKDF2 and AES-CBC.
 *
 * @see RFC 8018 §6.2, RFC 5958 §3
 */
export async function decryptPbes2({ der, passphrase = '' }: PrivateKeyData): Promise<Uint8Array | KeyFault> {
  const scheme = readPbes2(der);
  if (scheme === 'too-expensive') return tooExpensive;
  if (scheme === 'unknown') return unsupported;
  const { kdf, cipher, ciphertext } = scheme;
  if (kdf.name !== 'PBKDF2' || !/^SHA-(1|256|384|512)$/.test(kdf.hash) || cipher.name !== 'AES-CBC')
    return unsupported;
  const key = await deriveKey(passphrase, kdf, cipher);
  try {
    const parameters = { name: 'AES-CBC', iv: cipher.iv };
    const opened = new Uint8Array(await crypto.subtle.decrypt(parameters, key, ciphertext));
    // A wrong passphrase can, by chance, give well-padded nonsense.
    readDerSequence(opened);
    return opened;
  } catch (cause) {
    return { fault: 'PASSPHRASE_WRONG', detail: 'does not open with the given passphrase.', cause };
  }
}

async function deriveKey(passphrase: string, kdf: Pbkdf2, cipher: Pbes2Cipher): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(passphrase);
  const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  const length = { name: 'AES-CBC', length: cipher.keyOctets * 8 };
  return crypto.subtle.deriveKey(kdf, base, length, false, ['decrypt']);
}

const unsupported: KeyFault = {
  fault: 'KEY_UNSUPPORTED',
  detail: 'is encrypted in a way that WebCrypto cannot undo.',
  cipherUnknown: true,
};
