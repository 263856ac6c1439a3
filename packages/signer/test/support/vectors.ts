import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HttpRequest } from '@smithy/types';

export interface Vector {
  readonly name: string;
  readonly inputs: {
    readonly certificatePem: string;
    readonly privateKeyPem?: string;
    readonly privateKeyPassphrase?: string;
    readonly chainPem: readonly string[];
    readonly region: string;
  };
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly rawQuery: string;
    readonly rawHeaders: readonly (readonly [string, string])[];
    readonly body: string;
  };
  readonly expected: {
    readonly algorithm: 'AWS4-X509-RSA-SHA256' | 'AWS4-X509-ECDSA-SHA256' | 'AWS4-X509-MLDSA';
    readonly signedHeaders: readonly string[];
    readonly serialDecimal: string;
    readonly canonicalRequest: string;
    readonly stringToSign: string;
    readonly signatureHex: string;
    readonly deterministic: boolean;
  };
}

const FOLDER = fileURLToPath(new URL('../../../../vectors/', import.meta.url));

export function readVectors(): readonly Vector[] {
  return ['helper', 'published'].flatMap((folder) =>
    readdirSync(`${FOLDER}${folder}`)
      .filter((file) => file.endsWith('.json'))
      .map((file) => readVectorFile(`${FOLDER}${folder}/${file}`)),
  );
}

function readVectorFile(path: string): Vector {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function readVector(name: string): Vector {
  const vector = readVectors().find((candidate) => candidate.name === name);
  if (vector === undefined) throw new Error(`no vector ${name}`);
  return vector;
}

/** The request before signing: with the headers that the vector's client signed, without those that signing adds. */
export function requestOf(vector: Vector): HttpRequest {
  const added = new Set(['x-amz-date', 'x-amz-x509', 'x-amz-x509-chain']);
  const signed = new Set(vector.expected.signedHeaders.filter((name) => !added.has(name)));
  const { method, path, rawQuery, rawHeaders, body } = vector.request;
  return {
    method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    path,
    query: Object.fromEntries(new URLSearchParams(rawQuery)),
    headers: Object.fromEntries(rawHeaders.filter(([name]) => signed.has(name.toLowerCase()))),
    body,
  };
}

export function headerOf(vector: Vector, name: string): string {
  const header = vector.request.rawHeaders.find(([candidate]) => candidate.toLowerCase() === name);
  if (header === undefined) throw new Error(`${vector.name} has no ${name}`);
  return header[1];
}

export function signingDateOf(vector: Vector): Date {
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headerOf(vector, 'x-amz-date')) ?? [];
  return new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
}
