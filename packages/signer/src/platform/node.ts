import { KeyObject, X509Certificate, createHash, createPublicKey, hash, verify } from 'node:crypto';
import { isCryptoKey, signingKeyOfCryptoKey } from './crypto-key.js';
import { environmentVariable } from './environment.js';
import { openPrivateKey, signingKeyOfKeyObject } from './node-private-key.js';
import { verifyByNoble } from './noble-ml-dsa.js';
import type { Platform, SignatureCheck } from './platform.js';
import { takesShortHash } from './short-hash.js';
import { verifyWithPublicKey } from './web-public-key.js';

/** Node, and what takes its side: Bun and Deno. */
export const platform: Platform = {
  sha256Hex,
  toBytes,
  toHex: (bytes) => (bytes instanceof Buffer ? bytes : view(bytes)).toString('hex'),
  toBase64: (bytes) => view(bytes).toString('base64'),
  async checkCertificate(der) {
    void new X509Certificate(der);
  },
  async isIssuedBy(der, issuerDer) {
    try {
      return new X509Certificate(der).verify(new X509Certificate(issuerDer).publicKey);
    } catch {
      return undefined;
    }
  },
  openPrivateKey,
  environmentVariable,
  signingKeyOf(key) {
    if (key instanceof KeyObject) return signingKeyOfKeyObject(key);
    return isCryptoKey(key) ? signingKeyOfCryptoKey(key) : undefined;
  },
  isSamePublicKey(a, b) {
    // Also for keys that this OpenSSL does not know.
    if (view(a).equals(b)) return true;
    try {
      return publicKey(a).equals(publicKey(b));
    } catch {
      return false;
    }
  },
  async verify(check) {
    if (check.algorithm === 'AWS4-X509-MLDSA') return verifyMlDsa(check);
    const key = publicKey(check.publicKey);
    return takesShortHash(key)
      ? verify('sha256', check.message, key, check.signature)
      : verifyWithPublicKey(check);
  },
};

/** By OpenSSL where it has ML-DSA (Node from 24.6 on), else by a library. */
async function verifyMlDsa(check: SignatureCheck): Promise<boolean> {
  try {
    return verify(null, check.message, publicKey(check.publicKey), check.signature);
  } catch {
    const { nodeMlDsa } = await import('./node-ml-dsa.js');
    return verifyByNoble(check, nodeMlDsa);
  }
}

/** `crypto.hash` is the faster one; not every runtime that takes Node's side has it. */
function sha256Hex(data: string | Uint8Array): string {
  if (typeof hash === 'function') return hash('sha256', data, 'hex');
  return createHash('sha256').update(data).digest('hex');
}

/** From Node's pool: a quarter of the time of TextEncoder. Nothing else is ever written into these bytes. */
function toBytes(text: string): Uint8Array {
  return Buffer.from(text);
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function publicKey(spki: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}
