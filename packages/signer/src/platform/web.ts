import { Sha256 } from '@aws-crypto/sha256-js';
import { isCryptoKey, signingKeyOfCryptoKey } from './crypto-key.js';
import { loopMlDsa } from './loop-ml-dsa.js';
import { verifyByNoble } from './noble-ml-dsa.js';
import type { Platform } from './platform.js';
import { openPrivateKey } from './web-private-key.js';
import { verifyWithPublicKey } from './web-public-key.js';

/**
 * WebCrypto, for Workers, browsers and others without `node:crypto`. Certificates are looked into with pkijs, which is
 * loaded only when an identity is made.
 */
export const platform: Platform = {
  sha256Hex(data) {
    const hash = new Sha256();
    hash.update(data);
    return toHex(hash.digestSync());
  },
  toBytes: (text) => new TextEncoder().encode(text),
  toHex,
  toBase64: (bytes) => btoa(Array.from(bytes, (octet) => String.fromCharCode(octet)).join('')),
  async checkCertificate(der) {
    const { Certificate } = await import('pkijs');
    Certificate.fromBER(der.slice().buffer);
  },
  async isIssuedBy(der, issuerDer) {
    const { Certificate } = await import('pkijs');
    try {
      return await Certificate.fromBER(der.slice().buffer).verify(
        Certificate.fromBER(issuerDer.slice().buffer),
      );
    } catch {
      return undefined;
    }
  },
  openPrivateKey,
  signingKeyOf: (key) => (isKeyHere(key) ? signingKeyOfCryptoKey(key) : undefined),
  isSamePublicKey: (a, b) => a.length === b.length && a.every((octet, index) => octet === b[index]),
  verify: (check) =>
    check.algorithm === 'AWS4-X509-MLDSA' ? verifyByNoble(check, loopMlDsa) : verifyWithPublicKey(check),
};

/** Workers with a compatibility date before 2024-09-26 do not name their objects: only the class tells then. */
function isKeyHere(key: object): key is CryptoKey {
  return isCryptoKey(key) || (typeof CryptoKey === 'function' && key instanceof CryptoKey);
}

function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const octet of bytes) hex += octet.toString(16).padStart(2, '0');
  return hex;
}
