import { createHash } from 'node:crypto';
import { SigningError } from '@rolesanywhere/signer';
import { CKR, isCryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';
import type { TokenConnection } from '../token/token-connection.js';
import { ecdsaDer } from './ecdsa-der.js';
import type { FoundKey } from './private-key.js';

/** Mechanisms that are used (PKCS#11 2.40 §A). */
const CKM = { rsaPkcs: 0x01, sha256RsaPkcs: 0x40, ecdsa: 0x1041 } as const;

/** DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2, note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

interface Way {
  readonly mechanism: number;
  readonly data: Uint8Array;
}

/**
 * Signs a message with a key in a session: RSA by CKM_SHA256_RSA_PKCS, or by CKM_RSA_PKCS over the DigestInfo where the token
 * does not hash; ECDSA by CKM_ECDSA over the digest, which every token with EC keys has.
 *
 * @returns the signature, of ECDSA as DER
 * @throws CryptokiError; SigningError `SIGNING_FAILED` when the answer is no signature
 */
export async function signMessage(
  connection: TokenConnection,
  { session, key }: { readonly session: Handle; readonly key: FoundKey },
  message: Uint8Array,
): Promise<Uint8Array> {
  const authenticate = key.wantsPin ? () => connection.authenticate(session) : undefined;
  const sign = (way: Way): Promise<Uint8Array> =>
    connection.cryptoki.sign({ session, key: key.handle, ...way, authenticate });
  const digest = createHash('sha256').update(message).digest();
  if (key.algorithm === 'AWS4-X509-ECDSA-SHA256')
    return asDer(await sign({ mechanism: CKM.ecdsa, data: digest }));
  const hashed = { mechanism: CKM.rsaPkcs, data: Buffer.concat([SHA256_DIGEST_INFO, digest]) };
  if (!connection.mechanisms.includes(CKM.sha256RsaPkcs)) return sign(hashed);
  try {
    return await sign({ mechanism: CKM.sha256RsaPkcs, data: message });
  } catch (error) {
    // The token has it, the key does not allow it (CKA_ALLOWED_MECHANISMS).
    if (isCryptokiError(error, [CKR.mechanismInvalid]) && error.call === 'C_SignInit') return sign(hashed);
    throw error;
  }
}

function asDer(raw: Uint8Array): Uint8Array {
  try {
    return ecdsaDer(raw);
  } catch {
    const message = `The token answered ${raw.length} octets in place of an ECDSA signature. Update the module.`;
    throw new SigningError({ code: 'SIGNING_FAILED', message });
  }
}
