import type { ServerHttp2Stream, Settings } from 'node:http2';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { fromSpiffe } from '../src/index.js';
import { errorOf } from '../../../tools/test-support/error-of.js';
import { eventually } from './support/eventually.js';
import { type RawServer, startHttp2Server, startSocketServer } from './support/raw-server.js';
import { BACKEND, type IssuedSvid, createTrustDomain } from './support/svid.js';
import { frame, respond, responseOf } from './support/wire.js';

const open: { end(): Promise<void> }[] = [];
let svid: IssuedSvid;

beforeAll(async () => {
  svid = await (await createTrustDomain()).issue(BACKEND);
});

afterEach(async () => {
  for (const one of open.splice(0)) await one.end();
});

function providerOf(server: RawServer, timeoutMilliseconds = 30_000) {
  open.push(server);
  const provider = fromSpiffe({ endpoint: server.endpoint, timeoutMilliseconds });
  open.unshift({ end: () => provider.close() });
  return provider;
}

async function failure(server: RawServer, timeoutMilliseconds?: number): Promise<string> {
  const { code, message } = await errorOf(providerOf(server, timeoutMilliseconds));
  expect(message).toContain(server.endpoint);
  return `${code}: ${message}`;
}

function answering(...pieces: readonly Uint8Array[]) {
  return startHttp2Server((stream) => {
    respond(stream);
    pieces.forEach((piece) => stream.write(piece));
  });
}

describe('a server that is no Workload API is named at once, before the time to wait is over', () => {
  const garbage = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 251));

  test('garbage in place of HTTP/2', async () => {
    const server = await startSocketServer((socket) => socket.write(garbage));
    expect(await failure(server)).toMatch(/^IDENTITY_UNAVAILABLE: .*does not speak gRPC over HTTP\/2/);
  });

  test('a server of HTTP/1', async () => {
    const server = await startSocketServer((socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
    expect(await failure(server)).toMatch(/^IDENTITY_UNAVAILABLE: .*does not speak gRPC over HTTP\/2/);
  });

  test('a server of TLS', async () => {
    const server = await startSocketServer((socket) => socket.end(Buffer.from('15030100020246', 'hex')));
    expect(await failure(server, 1000)).toMatch(/^IDENTITY_UNAVAILABLE: /);
  });

  test('garbage in place of frames', async () => {
    expect(await failure(await answering(garbage.subarray(1)))).toContain('no gRPC message');
  });

  test('garbage in place of a message', async () => {
    expect(await failure(await answering(frame(garbage)))).toContain('no X509SVIDResponse');
  });

  test('an empty message', async () => {
    expect(await failure(await answering(frame(Buffer.alloc(0))))).toContain('without any X.509-SVID');
  });

  test('a message of 4 GiB, of which nothing is kept', async () => {
    const server = await answering(frame(Buffer.alloc(100), { length: 0xffff_ffff }));
    expect(await failure(server)).toContain('announced a message of 4294967295 octets');
  });

  test('a compressed message', async () => {
    const server = await answering(frame(responseOf(svid.message), { flag: 1 }));
    expect(await failure(server)).toContain('sent a compressed message');
  });

  test('a content type that is not that of gRPC', async () => {
    const server = await startHttp2Server((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/html' });
      stream.end(frame(responseOf(svid.message)));
    });
    expect(await failure(server)).toContain('content type');
  });

  test('an HTTP status that is not 200', async () => {
    const server = await startHttp2Server((stream) => {
      stream.respond({ ':status': 404 }, { endStream: true });
    });
    expect(await failure(server)).toContain('HTTP status 404');
  });
});

describe('a server that breaks off is asked again, and is named when the time to wait is over', () => {
  test('it never answers', async () => {
    const server = await startSocketServer(() => undefined);
    expect(await failure(server, 200)).toMatch(/^IDENTITY_UNAVAILABLE: .*within 200 ms: .*has not answered/);
  });

  test('it sends half a frame and closes the connection', async () => {
    const server = await startHttp2Server((stream) => {
      respond(stream);
      stream.write(frame(responseOf(svid.message)).subarray(0, 100), () => server.cut());
    });
    expect(await failure(server, 500)).toMatch(/^IDENTITY_UNAVAILABLE: .*broke/);
    expect(server.connections()).toBeGreaterThan(1);
  });

  test('it sends half a header and ends the stream', async () => {
    const server = await startHttp2Server((stream) => {
      respond(stream);
      stream.end(Buffer.from([0, 0]));
    });
    expect(await failure(server, 600)).toContain('broke off in the middle of a message');
  });

  test('it resets the stream', async () => {
    const server = await startHttp2Server((stream) => stream.close(2));
    expect(await failure(server, 600)).toContain('broke the connection off (ERR_HTTP2_STREAM_ERROR)');
  });

  test('it says that it goes away, and ends the stream', async () => {
    const server = await startHttp2Server((stream) => {
      stream.session?.goaway(0);
      stream.close();
    });
    expect(await failure(server, 600)).toContain('is shutting down (GOAWAY)');
  });

  test('it goes away in anger', async () => {
    const server = await startHttp2Server((stream) => stream.session?.goaway(11));
    expect(await failure(server, 600)).toContain('is shutting down (GOAWAY)');
  });

  test.each([429, 502, 503, 504])('a proxy answers with HTTP status %d', async (status) => {
    const server = await startHttp2Server((stream) => {
      stream.respond({ ':status': status, 'content-type': 'text/plain' });
      stream.end('no healthy upstream');
    });
    expect(await failure(server, 400)).toContain(
      `HTTP status ${status}. Look into the log of what stands between`,
    );
    expect(server.connections()).toBeGreaterThan(1);
  });

  test('it gives a status with an HTTP status and without a content type', async () => {
    const server = await startHttp2Server((stream) => {
      stream.respond({ ':status': 403, 'grpc-status': '7' }, { endStream: true });
    });
    expect(await failure(server, 400)).toContain('issues no identity to this process (PERMISSION_DENIED)');
  });

  test('it ends the stream with a status in trailers, percent-encoded', async () => {
    const server = await startHttp2Server((stream) => {
      respond(stream, { 'grpc-status': '14', 'grpc-message': 'not ready %E2%9C%93%0Aline' });
      stream.end();
    });
    expect(await failure(server, 600)).toContain('refused (UNAVAILABLE: not ready ✓ line)');
  });

  test('it gives a status and cuts the connection', async () => {
    const server = await startHttp2Server((stream) => {
      respond(stream, { 'grpc-status': '7', 'grpc-message': 'no identity issued' });
      stream.on('close', () => stream.session?.destroy());
      stream.end();
    });
    expect(await failure(server, 600)).toContain('issues no identity to this process');
  });

  test('it ends the stream with a status and without anything else', async () => {
    const server = await startHttp2Server((stream) => {
      const headers = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '14' };
      stream.respond(headers, { endStream: true });
    });
    expect(await failure(server, 600)).toContain('refused (UNAVAILABLE)');
  });

  test('it ends the stream with status OK', async () => {
    const server = await startHttp2Server((stream) => {
      respond(stream, { 'grpc-status': '0' });
      stream.end();
    });
    expect(await failure(server, 600)).toContain('ended the stream');
  });
});

describe('an odd but right answer is taken', () => {
  async function given(answer: (stream: ServerHttp2Stream) => void, settings?: Settings): Promise<Buffer> {
    const { certificate } = await providerOf(await startHttp2Server(answer, settings))();
    return Buffer.from(certificate.der);
  }
  const answerOnce = (stream: ServerHttp2Stream): void => {
    respond(stream);
    stream.write(frame(responseOf(svid.message)));
  };
  const whole = () => Buffer.from(svid.message.x509_svid.subarray(0, leafLength(svid.message.x509_svid)));

  test('octet by octet', async () => {
    const answer = frame(responseOf(svid.message));
    const der = await given((stream) => {
      respond(stream);
      // Each octet in a frame of its own: the next is written when the one before is.
      const drip = (offset: number): void => {
        if (offset < answer.length) stream.write(answer.subarray(offset, offset + 1), () => drip(offset + 1));
      };
      drip(0);
    });
    expect(der).toEqual(whole());
  });

  test('several messages in one piece, of which the last counts', async () => {
    const other = await (await createTrustDomain()).issue(BACKEND);
    const der = await given((stream) => {
      respond(stream);
      stream.write(Buffer.concat([frame(responseOf(other.message)), frame(responseOf(svid.message))]));
    });
    expect(der).toEqual(whole());
  });

  test.each([
    ['takes a single octet at a time', { initialWindowSize: 1 }],
    ['takes one call at a time', { maxConcurrentStreams: 1 }],
    ['keeps no table of headers', { headerTableSize: 0 }],
    ['takes few headers', { maxHeaderListSize: 512 }],
    ['has large frames', { maxFrameSize: 2 ** 24 - 1 }],
  ] as const)('of a server that %s', async (_, settings) => {
    expect(await given(answerOnce, settings)).toEqual(whole());
  });

  test('after headers that only announce it', async () => {
    const der = await given((stream) => {
      stream.additionalHeaders({ ':status': 103 });
      answerOnce(stream);
    });
    expect(der).toEqual(whole());
  });

  test('on the stream of a server that goes away when it is done', async () => {
    const other = await (await createTrustDomain()).issue(BACKEND);
    let stream: ServerHttp2Stream | undefined;
    const server = await startHttp2Server((opened) => {
      stream = opened;
      stream.session?.goaway(0);
      respond(stream);
      stream.write(frame(responseOf(other.message)));
    });
    const provider = providerOf(server);
    await provider();
    stream?.write(frame(responseOf(svid.message)));
    await eventually(async () => whole().equals((await provider()).certificate.der));
    expect(server.connections()).toBe(1);
  });

  test('a content type with a message format and parameters', async () => {
    const der = await given((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto; charset=utf-8' });
      stream.write(frame(responseOf(svid.message)));
    });
    expect(der).toEqual(whole());
  });

  test('a message just below the limit', async () => {
    const der = await given((stream) => {
      respond(stream);
      // An unknown field in front.
      const padding = Buffer.concat([
        Buffer.from([0x7a, 0x80, 0x80, 0xc0, 0x01]),
        Buffer.alloc(3 * 1024 * 1024),
      ]);
      stream.write(frame(Buffer.concat([padding, responseOf(svid.message)])));
    });
    expect(der).toEqual(whole());
  });
});

function leafLength(chain: Uint8Array): number {
  return 4 + (chain[2] ?? 0) * 256 + (chain[3] ?? 0);
}
