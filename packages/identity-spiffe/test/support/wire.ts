import type { ServerHttp2Stream } from 'node:http2';
import type { SvidMessage } from './svid.js';

/** A field with a length, of Protocol Buffers. */
export function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

export function varint(value: number): Buffer {
  const octets: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
  return Buffer.from([...octets, rest]);
}

/** `X509SVIDResponse`. */
export function responseOf(...svids: readonly SvidMessage[]): Buffer {
  return Buffer.concat(
    svids.map((svid) =>
      field(
        1,
        Buffer.concat([
          field(1, Buffer.from(svid.spiffe_id)),
          field(2, svid.x509_svid),
          field(3, svid.x509_svid_key),
          field(4, svid.bundle),
          field(5, Buffer.from(svid.hint ?? '')),
        ]),
      ),
    ),
  );
}

/** A gRPC frame. */
export function frame(message: Uint8Array, { flag = 0, length = message.length } = {}): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt8(flag);
  header.writeUInt32BE(length, 1);
  return Buffer.concat([header, message]);
}

/** The headers of a gRPC answer; trailers, if any come, when the stream is ended. */
export function respond(stream: ServerHttp2Stream, trailers?: Record<string, string>): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc' },
    { waitForTrailers: trailers !== undefined },
  );
  stream.on('wantTrailers', () => stream.sendTrailers(trailers ?? {}));
}
