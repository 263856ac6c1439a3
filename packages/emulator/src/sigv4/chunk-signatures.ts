import { createHash } from 'node:crypto';

import type { AwsChunkedBody } from './aws-chunked.js';
import { isSameText } from './same-text.js';
import { hmacSha256 } from './signing-key.js';

/** The request signature that the chain of chunk signatures begins with, and its key. */
export interface ChunkSignatureSeed {
  readonly signature: string;
  readonly signingKey: Uint8Array;
  readonly longDate: string;
  readonly scope: string;
}

/**
 * Verifies the signature of every chunk, each over the one before it, and that of the trailing headers if there are any.
 *
 * @see Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple
 *   Chunks" and "… Including Trailing Headers"
 */
export function verifyChunkSignatures(body: AwsChunkedBody, seed: ChunkSignatureSeed): boolean {
  let previous = seed.signature;
  for (const { data, signature = '' } of body.chunks) {
    const parts = ['AWS4-HMAC-SHA256-PAYLOAD', seed.longDate, seed.scope, previous, EMPTY_HASH, sha256(data)];
    if (!isSameText(signOf(parts, seed), signature)) return false;
    previous = signature;
  }
  const signed = [...body.trailers].filter(([name]) => name !== TRAILER_SIGNATURE);
  const signature = body.trailers.get(TRAILER_SIGNATURE);
  if (signed.length === 0 && signature === undefined) return true;
  const text = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const parts = [
    'AWS4-HMAC-SHA256-TRAILER',
    seed.longDate,
    seed.scope,
    previous,
    sha256(Buffer.from(text, 'latin1')),
  ];
  return isSameText(signOf(parts, seed), signature ?? '');
}

const TRAILER_SIGNATURE = 'x-amz-trailer-signature';
const EMPTY_HASH = sha256(new Uint8Array());

function signOf(parts: readonly string[], seed: ChunkSignatureSeed): string {
  return Buffer.from(hmacSha256(seed.signingKey, parts.join('\n'))).toString('hex');
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
