import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCertificate } from '@rolesanywhere/pki';

import type { RawRequest } from '../../src/http.js';
import { parseAuthorization } from '../../src/sigv4/authorization.js';
import { canonicalRequest } from '../../src/sigv4/canonical-request.js';
import { stringToSign } from '../../src/sigv4/string-to-sign.js';
import { verifyWithCertificate } from '../../src/sigv4/verify-with-certificate.js';

/** A request recorded from the official client, as `vectors/README.md` describes it. */
export interface RecordedRequest {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly rawQuery: string;
    readonly rawHeaders: readonly (readonly [string, string])[];
    readonly body: string;
  };
  readonly expected: {
    readonly algorithm: string;
    readonly canonicalRequest: string;
    readonly stringToSign: string;
    readonly serialDecimal: string;
    readonly signedHeaders: readonly string[];
    readonly signatureHex: string;
  };
}

const folder = fileURLToPath(new URL('../../../../vectors/helper/', import.meta.url));

/** Every recorded request. */
export const recordedRequests: readonly RecordedRequest[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  // The files are our own, and their form is checked where they are kept.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  .map((file) => JSON.parse(readFileSync(folder + file, 'utf8')) as RecordedRequest);

export function rawRequestOf({ request }: RecordedRequest): RawRequest {
  return {
    method: request.method,
    target: request.rawQuery === '' ? request.path : `${request.path}?${request.rawQuery}`,
    rawHeaders: request.rawHeaders,
    body: Buffer.from(request.body, 'utf8'),
  };
}

export function headerOf(request: RawRequest, name: string): string {
  return request.rawHeaders.find(([candidate]) => candidate.toLowerCase() === name)?.[1] ?? '';
}

export function withHeader(request: RawRequest, name: string, value: string): RawRequest {
  const rawHeaders = request.rawHeaders.map(
    ([candidate, old]) => [candidate, candidate.toLowerCase() === name ? value : old] as const,
  );
  return { ...request, rawHeaders };
}

export function withoutHeader(request: RawRequest, name: string): RawRequest {
  return {
    ...request,
    rawHeaders: request.rawHeaders.filter(([candidate]) => candidate.toLowerCase() !== name),
  };
}

/** The whole way from the raw request to the verdict on its signature. */
export async function isSignatureRight(request: RawRequest): Promise<boolean> {
  const authorization = parseAuthorization(headerOf(request, 'authorization'));
  if (!authorization) return false;
  const certificate = parseCertificate(Buffer.from(headerOf(request, 'x-amz-x509'), 'base64'));
  return verifyWithCertificate({
    algorithm: authorization.algorithm,
    message: stringToSign({
      algorithm: authorization.algorithm,
      longDate: headerOf(request, 'x-amz-date'),
      scope: authorization.scope,
      canonicalRequest: canonicalRequest(request, { signedHeaders: authorization.signedHeaders }),
    }),
    signature: authorization.signature,
    publicKey: certificate.publicKey.spki,
  });
}
