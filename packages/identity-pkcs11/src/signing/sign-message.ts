import { createHash } from 'node:crypto';
import { SigningError } from '@rolesanywhere/signer';
import { CKR, isCryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';
import type { TokenConnection } from '../token/token-connection.js';
import { ecdsaDer } from './ecdsa-der.js';
import type { FoundKey } from './private-key.js';

/** Mechanisms that are used (PKCS#11 2.40 §A). */
const CKM = { rsaPkcs: 0x01, sha256RsaPkcs: 0x40, ecdsa: 0x1041, ecdsaSha256: 0x1044 } as const;

/** DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2, note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** A mechanism, and what it signs. */
interface Way {
  readonly mechanism: number;
  readonly data: Uint8Array;
}

/**
 * Refusals after which another way may do: the token has a mechanism, and the key does not allow it (CKA_ALLOWED_MECHANISMS);
 * or a module lists one that does not work.
 */
const TRY_ANOTHER_WAY = [
  CKR.mechanismInvalid,
  CKR.mechanismParamInvalid,
  CKR.functionNotSupported,
  CKR.functionFailed,
  CKR.generalError,
  CKR.dataInvalid,
  CKR.dataLenRange,
  CKR.keyTypeInconsistent,
];

/**
 * Signs a message with a key in a session, RSA preferably by CKM_SHA256_RSA_PKCS, EC by CKM_ECDSA, which tokens have more
 * often than one that hashes.
 *
 * @returns the signature, of ECDSA as DER
 * @throws CryptokiError; SigningError `SIGNING_FAILED` when the answer is no signature
 */
export async function signMessage(
  connection: TokenConnection,
  { session, key }: { readonly session: Handle; readonly key: FoundKey },
  message: Uint8Array,
): Promise<Uint8Array> {
  const sign = (way: Way): Promise<Uint8Array> => {
    const request = { session, key: key.handle, ...way };
    return key.wantsPin
      ? connection.withPin((pin) => connection.cryptoki.sign({ ...request, pin }))
      : connection.cryptoki.sign(request);
  };
  const ways = waysOf(key, message);
  const listed = ways.filter(({ mechanism }) => connection.mechanisms.includes(mechanism));
  const signature = await firstThatWorks(listed.length > 0 ? listed : ways, sign);
  return key.algorithm === 'AWS4-X509-ECDSA-SHA256' ? asDer(signature) : signature;
}

function waysOf({ algorithm }: FoundKey, message: Uint8Array): readonly Way[] {
  const digest = createHash('sha256').update(message).digest();
  return algorithm === 'AWS4-X509-ECDSA-SHA256'
    ? [
        { mechanism: CKM.ecdsa, data: digest },
        { mechanism: CKM.ecdsaSha256, data: message },
      ]
    : [
        { mechanism: CKM.sha256RsaPkcs, data: message },
        { mechanism: CKM.rsaPkcs, data: Buffer.concat([SHA256_DIGEST_INFO, digest]) },
      ];
}

/** The failure of the last one is that of all. */
async function firstThatWorks(
  [first, ...others]: readonly Way[],
  sign: (way: Way) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (first === undefined) throw new RangeError('no way to sign');
  try {
    return await sign(first);
  } catch (error) {
    if (others.length === 0 || !isCryptokiError(error, TRY_ANOTHER_WAY)) throw error;
    return firstThatWorks(others, sign);
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
