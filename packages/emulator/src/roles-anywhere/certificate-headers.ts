import { parseCertificate, type Certificate } from '@rolesanywhere/pki';
import type { RawRequest } from '../http.js';
import { trimBlanks } from '../sigv4/trim-blanks.js';
import { invalidSignature } from './refusal.js';

/**
 * The value of a header that may be there only once, without blanks at its ends.
 *
 * @param name in the spelling used in messages; compared without regard to case
 * @throws Refusal `HEADER_MISSING` or `DUPLICATE_HEADER`: two values of one header are how requests are smuggled
 */
export function singleHeader(request: RawRequest, name: string): string {
  const [value, ...more] = headerValues(request, name);
  if (value === undefined) throw invalidSignature('HEADER_MISSING', `The request has no ${name} header`);
  if (more.length > 0)
    throw invalidSignature('DUPLICATE_HEADER', `The request has more than one ${name} header`);
  return trimBlanks(value);
}

/**
 * The certificate of `X-Amz-X509`: base64 of its DER, or of its PEM text as two clients in production send it.
 *
 * @throws Refusal
 */
export function certificateOf(request: RawRequest): Certificate {
  const certificate = decodeCertificate(singleHeader(request, 'X-Amz-X509'));
  if (certificate !== undefined) return certificate;
  throw invalidSignature(
    'CERTIFICATE_HEADER_MALFORMED',
    'X-Amz-X509 is not the standard base64, on one line, of one certificate in DER or PEM',
  );
}

/**
 * The entries of `X-Amz-X509-Chain`, undecoded: a comma-separated list, with or without blanks around the commas.
 * Without the header there are none.
 *
 * @throws Refusal `EMPTY_CHAIN_HEADER`: the live service refuses an empty one since November 2024
 */
export function chainEntries(request: RawRequest): readonly string[] {
  const values = headerValues(request, 'X-Amz-X509-Chain');
  if (values.length === 0) return [];
  const list = values.join(',');
  if (trimBlanks(list) !== '') return list.split(',').map(trimBlanks);
  throw invalidSignature(
    'EMPTY_CHAIN_HEADER',
    'X-Amz-X509-Chain is empty; without intermediates the header must be left out',
  );
}

/** A certificate from one base64 text; `undefined` when it is none. */
export function decodeCertificate(base64: string): Certificate | undefined {
  if (base64.length > MAXIMUM_CHARACTERS || base64.length % 4 !== 0) return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  try {
    return parseCertificate(bytes[0] === DER_SEQUENCE ? new Uint8Array(bytes) : bytes.toString('latin1'));
  } catch {
    return undefined;
  }
}

const MAXIMUM_CHARACTERS = 65_536;
const DER_SEQUENCE = 0x30;

function headerValues(request: RawRequest, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return request.rawHeaders.filter(([header]) => header.toLowerCase() === wanted).map(([, value]) => value);
}
