import type { SigningAlgorithm, SigningKey } from '../identity/signing-key.js';

/** How a private key may be wrapped. `traditional` is PEM with `Proc-Type: 4,ENCRYPTED` header lines. */
export type PrivateKeyForm = 'pkcs8' | 'pkcs1' | 'sec1' | 'encrypted-pkcs8' | 'traditional';

/** A private key as it was found, not yet opened. */
export interface PrivateKeyData {
  readonly form: PrivateKeyForm;
  readonly der: Uint8Array;
  /** The PEM text, for `traditional` only: its header lines are part of the encryption. */
  readonly pem?: string;
  /** Absent for keys that are not encrypted. */
  readonly passphrase?: string;
}

/** Why a key could not be used. `detail` goes into a sentence after the name of the key; it never holds content. */
export interface KeyFault {
  readonly fault: 'PRIVATE_KEY_INVALID' | 'PASSPHRASE_WRONG' | 'KEY_UNSUPPORTED';
  readonly detail: string;
  /** True when it is not the key that is unsupported but its encryption. */
  readonly cipherUnknown?: boolean;
  /** What to do, where the usual advice is not it. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** For a key whose passphrase costs more to try than any honest file asks for. */
export const tooExpensive: KeyFault = {
  fault: 'KEY_UNSUPPORTED',
  detail: 'asks for more rounds of key derivation, or more memory for it, than are allowed.',
  remedy: 'Encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 600000 -in KEY -out NEW.',
};

/** A signature to be checked. ECDSA signatures are DER; RSA and ECDSA are with SHA-256, ML-DSA signs the message itself. */
export interface SignatureCheck {
  readonly algorithm: SigningAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Everything that differs between Node and the web. Nothing else in this package knows which one it has. */
export interface Platform {
  /** Lower-case hexadecimal SHA-256 of bytes, or of the UTF-8 form of a text. */
  sha256Hex(data: string | Uint8Array): string;
  /** The UTF-8 form of a text, in a buffer of its own. */
  toBytes(text: string): Uint8Array;
  /** Lower-case hexadecimal. */
  toHex(bytes: Uint8Array): string;
  /** Standard base64 with padding, one line. */
  toBase64(bytes: Uint8Array): string;
  /** Rejects when the bytes are not a whole certificate. */
  checkCertificate(der: Uint8Array): Promise<void>;
  /** Whether the issuer's key made the signature of the certificate; undefined when the algorithm is not known here. */
  isIssuedBy(der: Uint8Array, issuerDer: Uint8Array): Promise<boolean | undefined>;
  openPrivateKey(data: PrivateKeyData): Promise<SigningKey | KeyFault>;
  /** From a `KeyObject` or a `CryptoKey`; undefined when the value is neither (here). */
  signingKeyOf(key: object): SigningKey | KeyFault | undefined;
  /** Whether two SubjectPublicKeyInfo encodings hold one key. */
  isSamePublicKey(a: Uint8Array, b: Uint8Array): boolean;
  verify(check: SignatureCheck): Promise<boolean>;
  /** The value of an environment variable; undefined when it is not set. Throws when it may not be read. Absent: there are none. */
  readonly environmentVariable?: (name: string) => string | undefined;
}
