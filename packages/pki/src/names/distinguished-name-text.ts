import type { NameAttribute } from './distinguished-name.js';

/** An attribute with the DER of its value, which the text of an unknown type needs. */
interface EncodedAttribute extends NameAttribute {
  readonly der: Uint8Array;
  readonly isText: boolean;
}

/**
 * RFC 2253 text of relative names in certificate order: most specific first, and the attributes of a
 * multi-valued one turned round too, as OpenSSL does. @see RFC 2253 §2
 */
export function distinguishedNameText(relativeNames: readonly (readonly EncodedAttribute[])[]): string {
  return relativeNames
    .map((attributes) => attributes.map(attributeText).toReversed().join('+'))
    .toReversed()
    .join(',');
}

function attributeText({ oid, shortName, value, der, isText }: EncodedAttribute): string {
  // A type without a short name, and a value that is not a string, are given in hex (RFC 2253 §2.4).
  if (shortName === undefined || !isText) return `${shortName ?? oid}=#${Buffer.from(der).toString('hex')}`;
  return `${shortName}=${escapeValue(value)}`;
}

function escapeValue(value: string): string {
  return (
    value
      .replaceAll(/[,+"\\<>;]/g, String.raw`\$&`)
      // RFC 2253 lets control characters stand; in a message or a log they must not.
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u001F\u007F]/g, (character) => `\\${hexPair(character)}`)
      .replace(/^[ #]/, String.raw`\$&`)
      .replace(/(?<!^\\?) $/, String.raw`\ `)
  );
}

function hexPair(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}
