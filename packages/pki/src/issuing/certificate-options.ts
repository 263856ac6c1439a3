import type { KeyObject } from 'node:crypto';
import type { KeyUsage, SignatureHash } from '../certificate/certificate.js';
import type { GeneralNameInit } from '../names/general-name-init.js';
import type { NameInit } from '../names/name-init.js';
import type { KeyAlgorithm } from './key-algorithm.js';

/** @see RFC 5280 §4.2.1.9 */
export interface BasicConstraintsInit {
  readonly ca: boolean;
  readonly pathLength?: number;
  /** Default true. */
  readonly critical?: boolean;
}

/** @see RFC 5280 §4.2.1.10 */
export interface NameConstraintsInit {
  readonly permitted?: readonly GeneralNameInit[];
  readonly excluded?: readonly GeneralNameInit[];
  /** Default true. */
  readonly critical?: boolean;
}

/** An extension given as it is. One with the OID of a default extension takes its place. */
export interface ExtensionInit {
  readonly oid: string;
  /** Default false. */
  readonly critical?: boolean;
  /** DER of the extension's value, without the OCTET STRING around it. */
  readonly value: Uint8Array;
}

/** What every kind of certificate can be told; the defaults make a correct one, the rest makes one fault each. */
export interface CertificateOptions {
  /**
   * RFC 2253 text, **most specific attribute first** (`'CN=server, O=Example'` encodes O before CN), or structured
   * in certificate order. `''` and `[]` make an empty subject.
   */
  readonly subject: string | NameInit;
  /** The key to make; default `{ type: 'RSA', modulusLength: 2048 }`. Not together with `privateKey`. */
  readonly keyAlgorithm?: KeyAlgorithm;
  /** A key that is there already. */
  readonly privateKey?: KeyObject;
  /** Default: 16 random octets, positive. Encoded with a leading zero octet where the high bit is set. */
  readonly serialNumber?: bigint;
  /** Default: now, in whole seconds. */
  readonly notBefore?: Date;
  /** Default: 365 days after `notBefore`, for a CA 3650. */
  readonly notAfter?: Date;
  /** Hash of the signature; default SHA-256. Of no effect with Ed25519 and ML-DSA issuers. */
  readonly hash?: SignatureHash;
  /** How an RSA issuer signs; default PKCS1. */
  readonly padding?: 'PKCS1' | 'PSS';
  /** Default 3. Version 1 leaves out every extension. */
  readonly version?: 1 | 3;
  /** Default: `digitalSignature`; of a CA `keyCertSign` and `cRLSign`. Critical. */
  readonly keyUsage?: readonly KeyUsage[] | 'absent';
  /** Names (`clientAuth`, `serverAuth`, `codeSigning`, `emailProtection`, `timeStamping`, `OCSPSigning`, `any`) or OIDs. Default: `clientAuth`; of a CA absent. */
  readonly extendedKeyUsage?: readonly string[] | 'absent';
  /** Default: CA:FALSE; of a CA CA:TRUE with its `pathLength`. */
  readonly basicConstraints?: BasicConstraintsInit | 'absent';
  readonly subjectAlternativeName?: readonly GeneralNameInit[];
  readonly nameConstraints?: NameConstraintsInit;
  /** Default: SHA-1 of the public key (RFC 5280 §4.2.1.2 (1)). */
  readonly subjectKeyIdentifier?: Uint8Array | 'absent';
  /** Default: the issuer's subject key identifier, where it has one. */
  readonly authorityKeyIdentifier?: Uint8Array | 'absent';
  /** Further extensions. */
  readonly extensions?: readonly ExtensionInit[];
  /** A fault: another issuer name than the issuer's subject. */
  readonly issuerName?: string | NameInit;
  /** A fault: sign with another key than the issuer's. */
  readonly signingKey?: KeyObject;
  /** A fault: one bit of the signature is flipped. Default `valid`. */
  readonly signature?: 'valid' | 'corrupted';
}
