import type { MlDsaSet } from './ml-dsa.js';
import type { KeyFault } from './platform.js';

/** The part of `@noble/post-quantum` that is used, wherever it runs. */
export interface MlDsa {
  keygen(seed: Uint8Array): Promise<MlDsaKeyPair>;
  getPublicKey(secretKey: Uint8Array): Promise<Uint8Array>;
  /** Deterministic, with the empty context. @see FIPS 204 §5.2 */
  sign(message: Uint8Array, secretKey: Uint8Array): Promise<Uint8Array>;
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): Promise<boolean>;
}

export interface MlDsaKeyPair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Gives the functions of a parameter set; a fault when there is no library. */
export type MlDsaLibrary = (name: MlDsaSet['name']) => Promise<MlDsa | KeyFault>;
