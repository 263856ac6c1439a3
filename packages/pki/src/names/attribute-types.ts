/** Short names of attribute types by OID. @see RFC 4519, RFC 2985 §5.2.1, X.520 */
export const SHORT_NAME_BY_OID: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.13': 'description',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.20': 'telephoneNumber',
  '2.5.4.41': 'name',
  '2.5.4.42': 'GN',
  '2.5.4.43': 'initials',
  '2.5.4.44': 'generationQualifier',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** Other spellings that people write. */
const ALIASES: Readonly<Record<string, string>> = {
  commonname: 'CN',
  surname: 'SN',
  country: 'C',
  countryname: 'C',
  locality: 'L',
  localityname: 'L',
  s: 'ST',
  state: 'ST',
  stateorprovincename: 'ST',
  organization: 'O',
  organizationname: 'O',
  organizationalunit: 'OU',
  organizationalunitname: 'OU',
  givenname: 'GN',
  userid: 'UID',
  domaincomponent: 'DC',
  e: 'emailAddress',
  email: 'emailAddress',
};

/** The OID for a short name in any case, a usual other spelling, or an OID itself; undefined for anything else. */
export function attributeTypeOid(type: string): string | undefined {
  if (/^[012](\.(0|[1-9]\d{0,15}))+$/.test(type)) return type;
  const lowerCase = type.toLowerCase();
  const shortName = (Object.hasOwn(ALIASES, lowerCase) ? ALIASES[lowerCase] : undefined) ?? type;
  const known = Object.entries(SHORT_NAME_BY_OID).find(
    ([, name]) => name.toLowerCase() === shortName.toLowerCase(),
  );
  return known?.[0];
}
