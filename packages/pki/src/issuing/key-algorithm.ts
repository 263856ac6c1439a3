/** What kind of key to make. */
export type KeyAlgorithm =
  | { readonly type: 'RSA'; /** Bits; default 2048. */ readonly modulusLength?: number }
  | { readonly type: 'RSA-PSS'; /** Bits; default 2048. */ readonly modulusLength?: number }
  | { readonly type: 'EC'; /** Default P-256. */ readonly curve?: 'P-256' | 'P-384' | 'P-521' | 'secp256k1' }
  | { readonly type: 'Ed25519' }
  /** Needs a Node.js whose `crypto` has it (24.6 or newer). */
  | { readonly type: 'ML-DSA'; /** Default 65. */ readonly parameterSet?: 44 | 65 | 87 };
