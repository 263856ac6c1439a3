import { PkiError } from '../errors.js';

/** Extended key usages by name. @see RFC 5280 §4.2.1.12 */
export const PURPOSE_OID = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
} as const;

/** The OID of a purpose given by name or as an OID. @throws PkiError `INVALID_OPTION` */
export function purposeOid(purpose: string): string {
  const known = Object.entries(PURPOSE_OID).find(([name]) => name === purpose);
  if (known !== undefined) return known[1];
  if (/^[012](\.\d+)+$/.test(purpose)) return purpose;
  throw new PkiError(
    'INVALID_OPTION',
    `"${purpose}" is not a purpose: use an OID or one of ${Object.keys(PURPOSE_OID).join(', ')}.`,
  );
}
