import { createHash, sign, X509Certificate, type KeyObject } from 'node:crypto';
import type { RawRequest } from '../../src/http.js';

/** A CreateSession to sign; every part that a test may want to falsify has its own member. */
export interface TestRequestInit {
  readonly certificate: string;
  readonly privateKey: KeyObject;
  readonly chain?: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly at?: Date;
  readonly region?: string;
  readonly path?: string;
  /** Path in the canonical request, when another one is signed than sent. */
  readonly signedPath?: string;
  readonly host?: string;
  readonly contentType?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly signedHeaders?: readonly string[];
  readonly serial?: string;
  readonly algorithm?: string;
  readonly scope?: string;
  readonly longDate?: string;
  readonly certificateHeader?: string;
  readonly chainHeader?: string;
  readonly dsaEncoding?: 'der' | 'ieee-p1363';
  /** What makes the signature, where it is not the key in its usual way. */
  readonly makeSignature?: (stringToSign: Buffer) => Buffer;
}

export const TEST_DATE = new Date('2026-03-04T05:06:07Z');

export const derBase64 = (pem: string): string => new X509Certificate(pem).raw.toString('base64');

/** X.509 Signature Version 4 in a few lines, on `node:crypto` alone: shares nothing with what it tests. */
export function signTestRequest(init: TestRequestInit): RawRequest {
  const { path = '/sessions', query = {}, body = '', region = 'us-east-1', host = '127.0.0.1:8080' } = init;
  const isRsa = init.privateKey.asymmetricKeyType === 'rsa';
  const algorithm = init.algorithm ?? (isRsa ? 'AWS4-X509-RSA-SHA256' : 'AWS4-X509-ECDSA-SHA256');
  const longDate = init.longDate ?? (init.at ?? TEST_DATE).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = init.scope ?? `${longDate.slice(0, 8)}/${region}/rolesanywhere/aws4_request`;
  const chainHeader = init.chainHeader ?? init.chain?.map(derBase64).join(',');
  const headers: readonly (readonly [string, string])[] = [
    ['Host', host],
    ['Content-Type', init.contentType ?? 'application/json'],
    ['X-Amz-Date', longDate],
    ['X-Amz-X509', init.certificateHeader ?? derBase64(init.certificate)],
    ...(chainHeader === undefined ? [] : [['X-Amz-X509-Chain', chainHeader] as const]),
    ...(init.headers ?? []),
  ];
  const lower = headers.map(
    ([name, value]) => [name.toLowerCase(), value.trim().replaceAll(/ +/g, ' ')] as const,
  );
  const listed = init.signedHeaders ?? lower.map(([name]) => name).toSorted();
  const signedHeaders = listed.map((name) => name.toLowerCase());
  const encoded = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .toSorted()
    .join('&');
  const canonical = [
    'POST',
    init.signedPath ?? path,
    encoded,
    ...signedHeaders.map((name) => `${name}:${lower.find(([other]) => other === name)?.[1] ?? ''}`),
    '',
    signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
  const message = Buffer.from([algorithm, longDate, scope, sha256(canonical)].join('\n'));
  const signature = (init.makeSignature ?? ((text) => usualSignature(text, init)))(message);
  const serial = init.serial ?? BigInt(`0x${new X509Certificate(init.certificate).serialNumber}`).toString();
  const authorization = `${algorithm} Credential=${serial}/${scope}, SignedHeaders=${listed.join(';')}, Signature=${signature.toString('hex')}`;
  return {
    method: 'POST',
    target: encoded === '' ? path : `${path}?${encoded}`,
    rawHeaders: [...headers, ['Authorization', authorization]],
    body: Buffer.from(body),
  };
}

/** The same request with other headers; `undefined` takes one away. */
export function withHeader(request: RawRequest, name: string, value: string | undefined): RawRequest {
  const others = request.rawHeaders.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return { ...request, rawHeaders: value === undefined ? others : [...others, [name, value]] };
}

function usualSignature(message: Buffer, { privateKey, dsaEncoding = 'der' }: TestRequestInit): Buffer {
  const usesHash = ['rsa', 'rsa-pss', 'ec'].includes(privateKey.asymmetricKeyType ?? '');
  return sign(usesHash ? 'sha256' : null, message, { key: privateKey, dsaEncoding });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
