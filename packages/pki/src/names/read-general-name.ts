import { hasContextTag, readExplicit } from '../der/der-values.js';
import type { DerNode } from '../der/read-der.js';
import type { GeneralName } from './general-name.js';
import { addressAndMaskText, addressText } from './ip-address.js';
import { readDistinguishedName } from './read-distinguished-name.js';

const TAG = { email: 1, dns: 2, directoryName: 4, uri: 6, ip: 7 } as const;

/** A GeneralName. @throws Error when a known form is malformed @see RFC 5280 §4.2.1.6 */
export function readGeneralName(node: DerNode): GeneralName {
  if (hasContextTag(node, TAG.email)) return { type: 'email', value: ia5Text(node) };
  if (hasContextTag(node, TAG.dns)) return { type: 'dns', value: ia5Text(node) };
  if (hasContextTag(node, TAG.uri)) return { type: 'uri', value: ia5Text(node) };
  if (hasContextTag(node, TAG.ip)) return { type: 'ip', value: ipText(node.content) };
  if (!hasContextTag(node, TAG.directoryName)) {
    return { type: 'other', value: Buffer.from(node.der).toString('hex') };
  }
  const name = readDistinguishedName(readExplicit(node, 'a directoryName'), 'a directoryName');
  return { type: 'directoryName', value: name.text, name };
}

function ia5Text(node: DerNode): string {
  // latin1 keeps octets above 127, which IA5String does not have, visible instead of merging them.
  return Buffer.from(node.content).toString('latin1');
}

function ipText(octets: Uint8Array): string {
  if (octets.length === 4 || octets.length === 16) return addressText(octets);
  if (octets.length === 8 || octets.length === 32) return addressAndMaskText(octets);
  throw new Error(`an iPAddress of ${octets.length} octets`);
}
