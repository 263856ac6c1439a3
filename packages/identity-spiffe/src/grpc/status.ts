import { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http2';

/** Names of the status codes, by their number. */
const STATUS_NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** How a call ended. */
export interface GrpcStatus {
  readonly code: (typeof STATUS_NAMES)[number];
  /** What the server says about it, cut to 300 characters, without control characters. May be empty. */
  readonly message: string;
}

const MAXIMUM_MESSAGE_LENGTH = 300;

/**
 * The status in trailers, or in the headers of an answer that has nothing else; undefined where there is none. A code that
 * is not known is `UNKNOWN`.
 *
 * @see gRPC over HTTP/2, Trailers, Trailers-Only; gRPC status codes
 */
export function readStatus(headers: IncomingHttpHeaders): GrpcStatus | undefined {
  const code = textOf(headers['grpc-status']);
  if (code === undefined) return undefined;
  const known = /^\d{1,3}$/.test(code) ? STATUS_NAMES[Number(code)] : undefined;
  return { code: known ?? 'UNKNOWN', message: readMessage(textOf(headers['grpc-message']) ?? '') };
}

/** Percent-encoded UTF-8, where a damaged encoding must not make the status be lost: then it stays as it is. */
function readMessage(encoded: string): string {
  const octets = encoded.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
  const printable = octets.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return printable.length <= MAXIMUM_MESSAGE_LENGTH
    ? printable
    : `${printable.slice(0, MAXIMUM_MESSAGE_LENGTH)}…`;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
