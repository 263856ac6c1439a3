import { hasTag, readBoolean, readObjectIdentifier, readOctets, readSequence } from '../der/der-values.js';
import { readDer, TAG, type DerNode } from '../der/read-der.js';

/** One extension, its value still encoded. */
export interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the value, without the OCTET STRING around it. */
  readonly value: Uint8Array;
}

/** Extensions. @throws Error when they are malformed or one appears twice (RFC 5280 §4.2) */
export function readExtensions(node: DerNode | undefined): RawExtension[] {
  const extensions = readSequence(node, 'the extensions').map(readExtension);
  const seen = new Set<string>();
  for (const { oid } of extensions) {
    if (seen.has(oid)) throw new Error(`the extension ${oid} appears twice`);
    seen.add(oid);
  }
  return extensions;
}

/** Reads the value of an extension, which is no longer than the certificate around it. */
export function readExtensionValue({ value }: RawExtension): DerNode {
  return readDer(value, value.length);
}

function readExtension(node: DerNode): RawExtension {
  const parts = readSequence(node, 'an extension');
  const oid = readObjectIdentifier(parts[0], 'the identifier of an extension');
  const hasCritical = hasTag(parts[1], TAG.boolean);
  const critical = hasCritical && readBoolean(parts[1], `the criticality of the extension ${oid}`);
  const value = readOctets(parts[hasCritical ? 2 : 1], `the value of the extension ${oid}`);
  if (parts.length !== (hasCritical ? 3 : 2)) throw new Error(`the extension ${oid} has extra parts`);
  return { oid, critical, value };
}
