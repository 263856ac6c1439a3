import { createDecipheriv, pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { readDerSequence } from '../x509/der.js';
import { readPbes2, type Pbes2Scheme } from './pbes2-scheme.js';
import { tooExpensive, type KeyFault, type PrivateKeyData } from './platform.js';

const SCRYPT_MEMORY_OCTETS = 1024 * 1024 * 1024;

/**
 * Opens an encrypted PKCS#8 key of PBES2. The key is derived in the thread pool, for OpenSSL itself would hold up the event
 * loop meanwhile. Undefined when the encryption is another one, which OpenSSL may know.
 *
 * @see RFC 8018 §6.2, RFC 5958 §3
 */
export async function decryptPbes2({
  der,
  passphrase = '',
}: PrivateKeyData): Promise<Uint8Array | KeyFault | undefined> {
  const scheme = readPbes2(der);
  if (scheme === 'too-expensive') return tooExpensive;
  if (scheme === 'unknown') return undefined;
  const key = await deriveKey(passphrase, scheme);
  try {
    const { cipher, ciphertext } = scheme;
    const name = cipher.name === '3DES-CBC' ? 'des-ede3-cbc' : `aes-${cipher.keyOctets * 8}-cbc`;
    const decipher = createDecipheriv(name, key, cipher.iv);
    const opened = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    // A wrong passphrase can, by chance, give well-padded nonsense.
    readDerSequence(opened);
    return opened;
  } catch (cause) {
    return { fault: 'PASSPHRASE_WRONG', detail: 'does not open with the given passphrase.', cause };
  }
}

function deriveKey(passphrase: string, { kdf, cipher }: Pbes2Scheme): Promise<Buffer> {
  if (kdf.name === 'PBKDF2') {
    const hash = kdf.hash.toLowerCase().replace('sha-', 'sha');
    return promisify(pbkdf2)(passphrase, kdf.salt, kdf.iterations, cipher.keyOctets, hash);
  }
  const { cost, blockSize, parallelization } = kdf;
  const options = { cost, blockSize, parallelization, maxmem: SCRYPT_MEMORY_OCTETS };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, kdf.salt, cipher.keyOctets, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
