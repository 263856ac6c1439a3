import {
  BmpString,
  IA5String,
  ObjectIdentifier,
  PrintableString,
  Sequence,
  Set as AsnSet,
  TeletexString,
  Utf8String,
} from 'asn1js';
import { RelativeDistinguishedNames } from 'pkijs';
import { PkiError } from '../errors.js';
import { attributeTypeOid, SHORT_NAME_BY_OID } from './attribute-types.js';
import type { NameAttributeInit, NameInit } from './name-init.js';
import { parseNameText } from './parse-name-text.js';

const STRING_TYPE = {
  utf8: Utf8String,
  printable: PrintableString,
  ia5: IA5String,
  teletex: TeletexString,
  bmp: BmpString,
} as const;

/** Types that RFC 5280 Appendix A gives one string type; every other value is UTF8String. */
const ENCODING_BY_SHORT_NAME: Readonly<Record<string, keyof typeof STRING_TYPE>> = {
  C: 'printable',
  serialNumber: 'printable',
  dnQualifier: 'printable',
  DC: 'ia5',
  emailAddress: 'ia5',
};

/** DER of a name. @throws PkiError `INVALID_OPTION` for an unknown attribute type or a malformed text */
export function encodeName(name: string | NameInit): Uint8Array {
  const relativeNames = typeof name === 'string' ? parseNameText(name) : name;
  return new Uint8Array(new Sequence({ value: relativeNames.map(encodeRelativeName) }).toBER());
}

/** A name for pkijs from its DER: its own encoder puts all attributes into one multi-valued RDN. */
export function pkijsName(der: Uint8Array): RelativeDistinguishedNames {
  return new RelativeDistinguishedNames({ valueBeforeDecode: Uint8Array.from(der).buffer });
}

function encodeRelativeName(attributes: NameAttributeInit | readonly NameAttributeInit[]): AsnSet {
  const encoded = [attributes].flat().map(encodeAttribute);
  // DER orders the elements of a SET OF by their octets (X.690 §11.6).
  const sorted = encoded.toSorted((a, b) => Buffer.compare(Buffer.from(a.toBER()), Buffer.from(b.toBER())));
  return new AsnSet({ value: sorted });
}

function encodeAttribute({ type, value, encoding }: NameAttributeInit): Sequence {
  const oid = attributeTypeOid(type);
  if (oid === undefined) {
    throw new PkiError('INVALID_OPTION', `"${type}" is not a known attribute type of a name: use its OID.`);
  }
  const usual = ENCODING_BY_SHORT_NAME[SHORT_NAME_BY_OID[oid] ?? ''] ?? 'utf8';
  const StringType = STRING_TYPE[encoding ?? usual];
  return new Sequence({ value: [new ObjectIdentifier({ value: oid }), new StringType({ value })] });
}
