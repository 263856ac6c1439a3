import { type DerElement, readDerChildren, readDerSequence, readObjectIdentifier } from './der.js';

/** Short names of RFC 4514 §3, and those that certificate tools use beside them. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** How the string types of a name are encoded (X.680 §41; T61String is read as Latin 1, as everybody does). */
const ENCODINGS: Readonly<Record<number, string>> = {
  0x0c: 'utf-8',
  0x12: 'utf-8',
  0x13: 'utf-8',
  0x14: 'latin1',
  0x16: 'utf-8',
  0x1a: 'utf-8',
  0x1e: 'utf-16be',
};

/**
 * The text of a DER distinguished name, most specific part first; the empty string for an empty name.
 *
 * @throws RangeError when the bytes are not a name
 * @see RFC 4514 §2
 */
export function distinguishedNameText(der: Uint8Array): string {
  const relativeNames = readDerSequence(der).map((rdn) =>
    readDerChildren(rdn)
      .map((attribute) => attributeText(attribute))
      .join('+'),
  );
  return relativeNames.toReversed().join(',');
}

function attributeText(attribute: DerElement): string {
  const [type, value] = readDerChildren(attribute);
  if (type === undefined || value === undefined) throw new RangeError('a name attribute lacks type or value');
  const oid = readObjectIdentifier(type.content);
  const encoding = ENCODINGS[value.tag];
  const text =
    encoding === undefined
      ? `#${hexOf(value.bytes)}`
      : escapeValue(new TextDecoder(encoding).decode(value.content));
  return `${SHORT_NAMES[oid] ?? oid}=${text}`;
}

function escapeValue(value: string): string {
  return value
    .replaceAll(/[\\",+;<>]/g, String.raw`\$&`)
    .replace(/^[ #]/, String.raw`\$&`)
    .replace(/(?<!\\) $/, String.raw`\ `)
    .replaceAll(/\p{Cc}/gu, escapeControl);
}

/** As the hexadecimal octets of UTF-8, which are two from U+0080 on, where C2 is the first. */
function escapeControl(control: string): string {
  const octet = control.charCodeAt(0);
  const hex = octet.toString(16).padStart(2, '0').toUpperCase();
  return octet < 0x80 ? `\\${hex}` : `\\C2${hex}`;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
