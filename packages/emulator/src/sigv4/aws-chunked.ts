/** One chunk of an `aws-chunked` body. */
interface AwsChunk {
  readonly data: Uint8Array;
  /** 64 hex digits, where chunks are signed. */
  readonly signature?: string;
}

/** An `aws-chunked` body taken apart. The last chunk is the empty one. */
export interface AwsChunkedBody {
  readonly chunks: readonly AwsChunk[];
  /** Names in lower case, in the order sent; the trailer's own signature is among them. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** Of a chunk's first line and of a trailer line. */
const MAXIMUM_LINE_BYTES = 1024;

/**
 * Takes apart the content encoding `aws-chunked`: chunks `size[;chunk-signature=hex] CRLF data CRLF`, an empty one at
 * the end, then trailing headers and an empty line.
 *
 * @returns undefined when it is anything else; never throws
 * @see Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple
 *   Chunks" and "… Including Trailing Headers"
 */
export function parseAwsChunked(body: Uint8Array): AwsChunkedBody | undefined {
  const chunks: AwsChunk[] = [];
  let at = 0;
  for (;;) {
    const line = readLine(body, at);
    const head = line && /^([0-9A-Fa-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line.text);
    if (!head) return undefined;
    const end = line.next + Number.parseInt(head[1] ?? '', 16);
    const data = body.subarray(line.next, end);
    chunks.push({ data, ...(head[2] === undefined ? {} : { signature: head[2] }) });
    if (end === line.next) {
      const trailers = readTrailers(body, line.next);
      return trailers && { chunks, trailers };
    }
    if (body[end] !== 0x0d || body[end + 1] !== 0x0a) return undefined;
    at = end + 2;
  }
}

function readTrailers(body: Uint8Array, start: number): ReadonlyMap<string, string> | undefined {
  const trailers = new Map<string, string>();
  let at = start;
  while (at < body.length) {
    const line = readLine(body, at);
    if (!line) return undefined;
    at = line.next;
    if (line.text === '') break;
    const [, name, value] = /^([A-Za-z0-9-]+):[ \t]*(\S*)[ \t]*$/.exec(line.text) ?? [];
    if (name === undefined || value === undefined || trailers.has(name.toLowerCase())) return undefined;
    trailers.set(name.toLowerCase(), value);
  }
  return at === body.length ? trailers : undefined;
}

function readLine(body: Uint8Array, start: number): { text: string; next: number } | undefined {
  const window = Buffer.from(body.buffer, body.byteOffset, body.length).subarray(
    start,
    start + MAXIMUM_LINE_BYTES,
  );
  const end = window.indexOf('\r\n', 0, 'latin1');
  return end === -1 ? undefined : { text: window.toString('latin1', 0, end), next: start + end + 2 };
}
