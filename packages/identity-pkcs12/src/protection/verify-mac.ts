import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from './decrypt.js';
import { PURPOSE, derivePkcs12Key } from './derive-pkcs12-key.js';
import type { Mac } from './mac.js';
import type { Secret } from './secrets.js';

/** What is made sure of, and by what. */
export interface Authenticated {
  readonly authenticated: Uint8Array;
  readonly mac: Mac;
}

/**
 * Whether the MAC of a file was made with this secret.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`
 * @see RFC 7292 §5.1 (step 8), RFC 9879 (PBMAC1)
 */
export async function verifyMac({ authenticated, mac }: Authenticated, secret: Secret): Promise<boolean> {
  const key = await macKey(mac, secret);
  return timingSafeEqual(createHmac(mac.hash.name, key).update(authenticated).digest(), mac.digest);
}

async function macKey({ hash, keyOctets, derivation }: Mac, secret: Secret): Promise<Uint8Array> {
  if (derivation.kind !== 'pkcs12') return deriveKey(derivation, secret, keyOctets);
  const { salt, iterations } = derivation;
  return derivePkcs12Key(secret.bmp, { hash, purpose: PURPOSE.mac, salt, iterations, octets: keyOctets });
}
