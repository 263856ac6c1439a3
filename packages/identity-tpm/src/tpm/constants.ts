/** Algorithm identifiers. @see TCG Algorithm Registry, table "Definition of TPM_ALG_ID constants" */
export const ALGORITHM = {
  rsa: 0x0001,
  aes: 0x0006,
  sha1: 0x0004,
  sha256: 0x000b,
  sha384: 0x000c,
  sha512: 0x000d,
  null: 0x0010,
  rsassa: 0x0014,
  ecdsa: 0x0018,
  ecc: 0x0023,
  cfb: 0x0043,
} as const;

/** Structure tags. @see TPM 2.0 Library Part 2, TPM_ST */
export const TAG = { noSessions: 0x8001, sessions: 0x8002, hashCheck: 0x8024, tpm12Error: 0x00c4 } as const;

/** Permanent handles. @see TPM 2.0 Library Part 2, TPM_RH and TPM_RS_PW */
export const PERMANENT = {
  owner: 0x40000001,
  null: 0x40000007,
  password: 0x40000009,
  endorsement: 0x4000000b,
  platform: 0x4000000c,
} as const;

/** Attributes of an object that matter here. @see TPM 2.0 Library Part 2, TPMA_OBJECT */
export const ATTRIBUTE = {
  fixedTpm: 1 << 1,
  fixedParent: 1 << 4,
  sensitiveDataOrigin: 1 << 5,
  userWithAuth: 1 << 6,
  noDictionaryAttackProtection: 1 << 10,
  restricted: 1 << 16,
  decrypt: 1 << 17,
  sign: 1 << 18,
  x509Sign: 1 << 19,
} as const;

/** Octets of a digest, by hash algorithm. */
export const DIGEST_OCTETS: Readonly<Record<number, number>> = {
  [ALGORITHM.sha1]: 20,
  [ALGORITHM.sha256]: 32,
  [ALGORITHM.sha384]: 48,
  [ALGORITHM.sha512]: 64,
};

/** `node:crypto` names of hash algorithms. */
export const HASH_NAMES: Readonly<Record<number, string>> = {
  [ALGORITHM.sha1]: 'sha1',
  [ALGORITHM.sha256]: 'sha256',
  [ALGORITHM.sha384]: 'sha384',
  [ALGORITHM.sha512]: 'sha512',
};

/** First and last persistent handle. @see TPM 2.0 Library Part 2, TPM_HC */
export const PERSISTENT = { first: 0x81000000, last: 0x81ffffff } as const;

/** Whether a handle is that of a persistent object. */
export function isPersistent(handle: number): boolean {
  return handle >= PERSISTENT.first && handle <= PERSISTENT.last;
}

/** A handle as messages show it: `0x81000001`. */
export function handleText(handle: number): string {
  return `0x${handle.toString(16).padStart(8, '0')}`;
}
