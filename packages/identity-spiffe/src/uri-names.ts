import { Buffer } from 'node:buffer';
import { type DerElement, readElement, readElements } from './der.js';

/** RFC 5280 §4.1: the extensions of a TBSCertificate. */
const EXTENSIONS_TAG = 0xa3;
/** RFC 5280 §4.2.1.6: 2.5.29.17. */
const SUBJECT_ALTERNATIVE_NAME = Buffer.from('551d11', 'hex');
/** RFC 5280 §4.2.1.6: uniformResourceIdentifier. */
const URI_TAG = 0x86;

/** An X.509-SVID has one: a second one is all that need be known. */
const MAXIMUM_NAMES = 2;

/**
 * The URIs among the subject alternative names of a certificate, in their order, the first two at most. Read from the octets:
 * the text that `node:crypto` makes of all names together takes a tenth of a second for a certificate that is nothing but names.
 *
 * @param certificate - DER
 * @returns none when there are none, or it is no certificate
 * @see RFC 5280 §4.2.1.6; X509-SVID §2
 */
export function readUriNames(certificate: Uint8Array): readonly string[] {
  const tbsCertificate = childrenOf(readElement(certificate, 0))[0];
  return childrenOf(tbsCertificate)
    .filter(({ tag }) => tag === EXTENSIONS_TAG)
    .flatMap(childrenOf)
    .flatMap(childrenOf)
    .flatMap(uriNamesIn)
    .slice(0, MAXIMUM_NAMES);
}

/** The URIs in an extension, if it is the one for names. */
function uriNamesIn(extension: DerElement): readonly string[] {
  const parts = childrenOf(extension);
  const value = parts.at(-1);
  if (parts[0] === undefined || value === undefined) return [];
  if (!SUBJECT_ALTERNATIVE_NAME.equals(parts[0].content)) return [];
  const octets = readElement(value.content, 0)?.content ?? new Uint8Array();
  const names: string[] = [];
  let element = readElement(octets, 0);
  for (; element !== undefined && names.length < MAXIMUM_NAMES; element = readElement(octets, element.end)) {
    if (element.tag === URI_TAG) names.push(Buffer.from(element.content).toString('latin1'));
  }
  return names;
}

function childrenOf(element: DerElement | undefined): readonly DerElement[] {
  return (element && readElements(element.content)) ?? [];
}
