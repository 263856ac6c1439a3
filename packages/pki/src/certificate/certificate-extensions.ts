import {
  hasContextTag,
  hasTag,
  readBits,
  readBoolean,
  readCount,
  readObjectIdentifier,
  readOctets,
  readSequence,
} from '../der/der-values.js';
import { TAG, type DerNode } from '../der/read-der.js';
import type { GeneralName } from '../names/general-name.js';
import { readGeneralName } from '../names/read-general-name.js';
import { KEY_USAGES, type KeyUsage } from './certificate.js';

/** @see RFC 5280 §4.2.1.9 */
export function readBasicConstraints(value: DerNode): { readonly ca: boolean; readonly pathLength?: number } {
  const parts = readSequence(value, 'basicConstraints');
  const hasCa = hasTag(parts[0], TAG.boolean);
  const ca = hasCa && readBoolean(parts[0], 'cA of basicConstraints');
  const rest = hasCa ? parts.slice(1) : parts;
  if (rest.length > 1) throw new Error('basicConstraints has extra parts');
  if (rest.length === 0) return { ca };
  return { ca, pathLength: readCount(rest[0], 'pathLenConstraint') };
}

/** @see RFC 5280 §4.2.1.3 */
export function readKeyUsage(value: DerNode): readonly KeyUsage[] {
  const octets = readBits(value, 'keyUsage');
  return KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** @see RFC 5280 §4.2.1.12 */
export function readExtendedKeyUsage(value: DerNode): readonly string[] {
  const purposes = readSequence(value, 'extendedKeyUsage');
  if (purposes.length === 0) throw new Error('extendedKeyUsage is empty');
  return purposes.map((purpose) => readObjectIdentifier(purpose, 'a purpose of extendedKeyUsage'));
}

/** @see RFC 5280 §4.2.1.6 */
export function readGeneralNames(value: DerNode): readonly GeneralName[] {
  const names = readSequence(value, 'subjectAltName');
  if (names.length === 0) throw new Error('subjectAltName is empty');
  return names.map(readGeneralName);
}

/** @see RFC 5280 §4.2.1.2 */
export function readSubjectKeyIdentifier(value: DerNode): Uint8Array {
  return readOctets(value, 'subjectKeyIdentifier');
}

/** The keyIdentifier field; undefined when only issuer and serial number are given. @see RFC 5280 §4.2.1.1 */
export function readAuthorityKeyIdentifier(value: DerNode): Uint8Array | undefined {
  const fields = readSequence(value, 'authorityKeyIdentifier');
  const keyIdentifier = fields.find((field) => hasContextTag(field, 0));
  return keyIdentifier === undefined ? undefined : keyIdentifier.content;
}
