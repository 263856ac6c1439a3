import { OctetString } from 'asn1js';
import { GeneralName } from 'pkijs';
import { PkiError } from '../errors.js';
import { encodeName, pkijsName } from './encode-name.js';
import type { GeneralNameInit } from './general-name-init.js';
import { addressOctets } from './ip-address.js';

/** Tag numbers of the CHOICE. @see RFC 5280 §4.2.1.6 */
const TAG_NUMBER = { email: 1, dns: 2, directoryName: 4, uri: 6, ip: 7, registeredId: 8 } as const;

/** @throws PkiError `INVALID_OPTION` for an address that is not one */
export function encodeGeneralName(name: GeneralNameInit): GeneralName {
  if (name.type === 'directoryName') {
    return new GeneralName({ type: TAG_NUMBER.directoryName, value: pkijsName(encodeName(name.value)) });
  }
  if (name.type === 'ip') return new GeneralName({ type: TAG_NUMBER.ip, value: encodeAddress(name.value) });
  if (name.type === 'registeredId')
    return new GeneralName({ type: TAG_NUMBER.registeredId, value: name.value });
  return new GeneralName({ type: TAG_NUMBER[name.type], value: name.value });
}

function encodeAddress(text: string): OctetString {
  const octets = addressOctets(text);
  if (octets !== undefined) return new OctetString({ valueHex: octets });
  throw new PkiError('INVALID_OPTION', `"${text}" is not an IP address, nor an address with a mask.`);
}
