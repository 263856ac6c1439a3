import { trimBlanks } from './trim-blanks.js';

/** An Authorization header of Signature Version 4, taken apart. Nothing in it is verified yet. */
export interface Authorization {
  /** For example `AWS4-HMAC-SHA256` or `AWS4-X509-RSA-SHA256`. */
  readonly algorithm: string;
  /** The access key id, or the certificate's serial number in decimal. */
  readonly credentialId: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `aws4_request` in a right request. */
  readonly terminator: string;
  /** `date/region/service/terminator`. */
  readonly scope: string;
  /** Lower case, in the order listed, no name twice. */
  readonly signedHeaders: readonly string[];
  /** Lower-case hex, an even number of digits. */
  readonly signature: string;
}

const PARTS = ['Credential', 'SignedHeaders', 'Signature'] as const;

/** An ML-DSA-87 signature has 9254 digits; no known client comes near twice that. */
const MAXIMUM_LENGTH = 20_000;

/**
 * Takes an Authorization header apart: one algorithm, then exactly one `Credential`, `SignedHeaders` and `Signature`
 * each, in any order, separated by commas with or without blanks. Signed header names may be in any case. Everything
 * else is refused: further parts, repeated parts or header names, an empty field, a signature that is not lower-case
 * hex (the specification has lower case, and so does every known client).
 *
 * @returns undefined when the text is not such a header; never throws
 * @see AWS IAM User Guide, "Create a signed AWS API request", step 5
 */
export function parseAuthorization(value: string): Authorization | undefined {
  if (value.length > MAXIMUM_LENGTH) return undefined;
  const [, algorithm, rest] = /^[ \t]*([A-Za-z0-9-]{1,64})[ \t]+(\S.*)$/s.exec(value) ?? [];
  if (algorithm === undefined || rest === undefined) return undefined;
  const parts = parseParts(rest);
  return parts && assemble(algorithm, parts);
}

/** The three fields that say who signed what; a presigned URL carries them as query parameters. */
export interface AuthorizationFields {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
}

/**
 * The same for fields that are already apart.
 *
 * @returns undefined when one of them is malformed; never throws
 */
export function assembleAuthorization(
  algorithm: string,
  fields: AuthorizationFields,
): Authorization | undefined {
  const credential = parseCredential(fields.credential);
  const signedHeaders = parseSignedHeaders(fields.signedHeaders);
  if (!credential || !signedHeaders || !/^(?:[0-9a-f]{2})+$/.test(fields.signature)) return undefined;
  return { algorithm, ...credential, signedHeaders, signature: fields.signature };
}

function assemble(algorithm: string, parts: ReadonlyMap<string, string>): Authorization | undefined {
  const [credential, signedHeaders, signature] = PARTS.map((name) => parts.get(name));
  if (credential === undefined || signedHeaders === undefined || signature === undefined) return undefined;
  return assembleAuthorization(algorithm, { credential, signedHeaders, signature });
}

function parseParts(text: string): ReadonlyMap<string, string> | undefined {
  const parts = new Map<string, string>();
  for (const piece of text.split(',')) {
    const [, name, value] = /^([A-Za-z]+)=(\S+)$/.exec(trimBlanks(piece)) ?? [];
    if (name === undefined || value === undefined || parts.has(name)) return undefined;
    parts.set(name, value);
  }
  return parts.size === PARTS.length ? parts : undefined;
}

function parseCredential(text: string) {
  const [credentialId, date, region, service, terminator, ...more] = text.split('/');
  if (!credentialId || !date || !region || !service || !terminator || more.length > 0) return undefined;
  if (!/^[\x21-\x7e]{1,256}$/.test(credentialId) || !/^\d{8}$/.test(date)) return undefined;
  if (![region, service, terminator].every((word) => /^[A-Za-z0-9_.-]{1,64}$/.test(word))) return undefined;
  return {
    credentialId,
    date,
    region,
    service,
    terminator,
    scope: [date, region, service, terminator].join('/'),
  };
}

function parseSignedHeaders(text: string): readonly string[] | undefined {
  const names = text.split(';').map((name) => name.toLowerCase());
  if (new Set(names).size !== names.length) return undefined;
  return names.every((name) => /^[a-z0-9!#$%&'*+.^_`|~-]{1,256}$/.test(name)) ? names : undefined;
}
