import type { HttpRequest } from '@smithy/types';
import { platform } from '#platform';
import { ConfigurationError } from '../errors.js';
import type { X509Identity } from '../identity/x509-identity.js';
import type { SigningContext } from '../signing-context.js';
import { payloadHash } from './canonical-request.js';
import type { Certificate, ParsedCertificate } from '../x509/certificate.js';

/** What an earlier signature left behind. */
const STALE_HEADERS = new Set(['authorization', 'x-amz-date', 'x-amz-x509', 'x-amz-x509-chain']);

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/**
 * A copy of the request with all headers that will be sent, but `authorization`.
 *
 * The chain header is left out when there is no chain: an empty one makes the service refuse the signature.
 */
export function requestToSign(request: HttpRequest, identity: X509Identity, longDate: string): HttpRequest {
  const headers = copyHeaders(request);
  headers['x-amz-date'] = longDate;
  headers['x-amz-x509'] = headerValue(identity.certificate);
  if (identity.chain.length > 0) headers['x-amz-x509-chain'] = identity.chain.map(headerValue).join(',');
  return { ...request, headers };
}

/** @throws ConfigurationError `INVALID_OPTION`, with every problem */
export function checkSigningInput(request: HttpRequest, context: SigningContext): void {
  const problems: string[] = [];
  if (!/^[A-Za-z0-9-]+$/.test(context.region))
    problems.push('`region` must be a region, such as eu-central-1');
  if (context.service !== undefined && !/^[A-Za-z0-9-]+$/.test(context.service))
    problems.push('`service` must be a signing name, such as rolesanywhere');
  if (request.method !== 'POST' && !/^[A-Za-z]+$/.test(request.method))
    problems.push('`method` must be an HTTP method, such as POST');
  if (typeof request.path !== 'string' || request.path.includes('?') || request.path.includes('#'))
    problems.push('`path` must be a path without query and fragment; parameters belong into `query`');
  if (problems.length === 0) return;
  const message = `The request cannot be signed: ${problems.join('; ')}.`;
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

/** Names stay as given. Several values of one name become one line, in their order (RFC 9110 §5.3). */
function copyHeaders(request: HttpRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  const given = new Map<string, string>();
  for (const name of Object.keys(request.headers)) {
    // Callers without types also give numbers, lists and undefined.
    const value: unknown = request.headers[name];
    const lowerCase = name.toLowerCase();
    if (value === undefined || value === null || STALE_HEADERS.has(lowerCase)) continue;
    // A hash given may be that of an earlier body, or none (UNSIGNED-PAYLOAD).
    const text = lowerCase === 'x-amz-content-sha256' ? payloadHash(request.body) : textOf(value);
    const known = given.get(lowerCase);
    if (known === undefined) given.set(lowerCase, name);
    headers[known ?? name] = known === undefined ? text : `${headers[known]},${text}`;
  }
  if (!given.has('host')) headers['host'] = hostOf(request);
  return headers;
}

function hostOf({ hostname, port, protocol }: HttpRequest): string {
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
  return port === undefined || port === DEFAULT_PORTS[protocol] ? host : `${host}:${port}`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'string' ? value : String(Number(value));
}

function headerValue(certificate: Certificate): string {
  // Certificates read by this package carry the value; those of other makers may not.
  const { base64 } = certificate as Partial<ParsedCertificate>;
  return base64 ?? platform.toBase64(certificate.der);
}
