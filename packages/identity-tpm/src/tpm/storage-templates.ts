import { ALGORITHM, ATTRIBUTE } from './constants.js';
import { sized, u16, u32 } from './writer.js';

/** A storage key as TPM2_CreatePrimary makes it again and again from the seed of its hierarchy. */
export interface StorageTemplate {
  /** For messages. */
  readonly name: string;
  readonly isRsa: boolean;
  /** TPMT_PUBLIC. */
  readonly bytes: Uint8Array;
}

const STORAGE =
  ATTRIBUTE.fixedTpm |
  ATTRIBUTE.fixedParent |
  ATTRIBUTE.sensitiveDataOrigin |
  ATTRIBUTE.userWithAuth |
  ATTRIBUTE.restricted |
  ATTRIBUTE.decrypt;
const TCG_STORAGE = STORAGE | ATTRIBUTE.noDictionaryAttackProtection;
const NIST_P256 = 0x0003;
const NOTHING = new Uint8Array(0);

/** AES-128 in CFB mode, then no scheme. */
const PROTECTION = [u16(ALGORITHM.aes), u16(128), u16(ALGORITHM.cfb), u16(ALGORITHM.null)];

/**
 * What the parent of a key file can be, the likeliest and quickest first. The files only name the hierarchy. The draft means
 * the first, or the first RSA one where `rsaParent` is set or a TPM has no elliptic curves; tpm2-tools makes its parents
 * without the attribute `noda`; the provisioning guidance fills `unique` with zeros. Nothing in a file tells them apart.
 *
 * @see TCG EK Credential Profile 2.0 annex B.3.3 and B.3.4 (templates H-1, H-2); draft-bottomley-tpm2-keys, section "parent";
 *   TCG TPM v2.0 Provisioning Guidance §7.5.1
 */
export const STORAGE_TEMPLATES: readonly StorageTemplate[] = [
  { name: 'ECC P-256', isRsa: false, bytes: eccTemplate(TCG_STORAGE) },
  { name: 'ECC P-256 of tpm2-tools', isRsa: false, bytes: eccTemplate(STORAGE) },
  { name: 'ECC P-256 of provisioning', isRsa: false, bytes: eccTemplate(TCG_STORAGE, Buffer.alloc(32)) },
  { name: 'RSA-2048', isRsa: true, bytes: rsaTemplate(TCG_STORAGE) },
  { name: 'RSA-2048 of tpm2-tools', isRsa: true, bytes: rsaTemplate(STORAGE) },
  { name: 'RSA-2048 of provisioning', isRsa: true, bytes: rsaTemplate(TCG_STORAGE, Buffer.alloc(256)) },
];

/** Parameters: curve, no key derivation; unique: two coordinates. */
function eccTemplate(attributes: number, unique = NOTHING): Uint8Array {
  const parameters = [...PROTECTION, u16(NIST_P256), u16(ALGORITHM.null)];
  return Buffer.concat([...head(ALGORITHM.ecc, attributes), ...parameters, sized(unique), sized(unique)]);
}

/** Parameters: 2048 bits, the usual exponent; unique: a modulus. */
function rsaTemplate(attributes: number, unique = NOTHING): Uint8Array {
  const parameters = [...PROTECTION, u16(2048), u32(0)];
  return Buffer.concat([...head(ALGORITHM.rsa, attributes), ...parameters, sized(unique)]);
}

/** Type, SHA-256 for names, attributes, no policy. */
function head(type: number, attributes: number): Uint8Array[] {
  return [u16(type), u16(ALGORITHM.sha256), u32(attributes), sized()];
}
