import { platform } from '#platform';
import { SigningError } from '../errors.js';
import { type ParsedCertificate, describeCertificate } from '../x509/certificate.js';
import type { SigningKey } from './signing-key.js';

/**
 * The same key, whose first signature is checked with the certificate's public key before it is handed out. That one check
 * catches a wrong key, a wrong ECDSA encoding from a token and a broken driver, for every source of keys. Of signatures that are
 * made at the same time one is checked, and the others wait for its verdict. The message is copied at once, so that the caller
 * may use its buffer again while a device or a thread is still at work.
 *
 * @throws SigningError `KEY_MISMATCH` from `sign`, until a signature was right
 */
export function provenKey(key: SigningKey, certificate: ParsedCertificate): SigningKey {
  let isProven = false;
  let proof: Promise<void> | undefined;
  const { algorithm } = key;
  const { publicKey } = certificate;

  async function prove(message: Uint8Array, signature: Uint8Array): Promise<void> {
    if (!(await isRight({ algorithm, publicKey, message, signature }))) throw mismatch(certificate);
    isProven = true;
  }

  async function signAndProve(message: Uint8Array): Promise<Uint8Array> {
    const signature = await key.sign(message);
    // Another one may have been checked meanwhile, or is being checked.
    if (isProven) return signature;
    proof ??= prove(message, signature).finally(() => {
      proof = undefined;
    });
    await proof;
    return signature;
  }

  return {
    algorithm,
    publicKey,
    sign(message) {
      // Not by `slice`, which gives a view of the same bytes when it is a Buffer.
      const copy = new Uint8Array(message);
      return isProven ? key.sign(copy) : signAndProve(copy);
    },
  };
}

async function isRight(check: Parameters<typeof platform.verify>[0]): Promise<boolean> {
  try {
    return await platform.verify(check);
  } catch {
    return false;
  }
}

function mismatch(certificate: ParsedCertificate): SigningError {
  const message = `The signature of the private key does not verify with the certificate (${describeCertificate(certificate)}). Give the key that belongs to it; a key of your own must sign the message itself with SHA-256, and answer DER for ECDSA.`;
  return new SigningError({ code: 'KEY_MISMATCH', message });
}
