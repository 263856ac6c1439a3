import { once } from 'node:events';
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { text } from 'node:stream/consumers';

import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import type { RawHandler, RawRequest } from '../src/http.js';
import { listen, type Listening, type ListenOptions } from '../src/server.js';
import { tlsCertificate } from './tls-certificate.js';

const open: Listening[] = [];
const agent = new Agent({ keepAlive: true });

afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
  agent.destroy();
});

async function serve(handler: RawHandler, options?: ListenOptions): Promise<Listening> {
  const listening = await listen(handler, options);
  open.push(listening);
  return listening;
}

/** Remembers what it was sent and answers with its body. */
function recorder(): { seen: RawRequest[]; handler: RawHandler } {
  const seen: RawRequest[] = [];
  return {
    seen,
    handler: async (request) => {
      seen.push(request);
      return { status: 200, headers: { 'x-answer': 'yes' }, body: request.body };
    },
  };
}

/** Sends bytes as they are and reads until the server closes the connection. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(Buffer.from(bytes, 'latin1'));
  return textOf(socket);
}

async function textOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await closed(socket);
  return Buffer.concat(chunks).toString('latin1');
}

/** Resolves when the socket is closed, in whatever way. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

function firstText(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1')));
  });
}

/** Sends a request without a body and reads the body of the answer. */
async function answerOf(request: ClientRequest): Promise<string> {
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  request.end();
  return text(await answer);
}

const head = 'Host: x\r\nConnection: close\r\n';

test('the handler gets target, headers and body as they were sent', async () => {
  const { seen, handler } = recorder();
  const { port } = await serve(handler);
  await exchange(
    port,
    `POST /a%2fb//../c?x=%zz&y=a+b HTTP/1.1\r\n${head}X-B: 2\r\nx-a:  one   two \r\nX-A: \xc3\xbc\r\nContent-Length: 3\r\n\r\nabc`,
  );
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ method: 'POST', target: '/a%2fb//../c?x=%zz&y=a+b' });
  expect(seen[0]?.rawHeaders).toEqual([
    ['Host', 'x'],
    ['Connection', 'close'],
    ['X-B', '2'],
    ['x-a', 'one   two'],
    ['X-A', '\u00c3\u00bc'],
    ['Content-Length', '3'],
  ]);
  expect(Buffer.from(seen[0]?.body ?? []).toString()).toBe('abc');
});

test('a chunked body arrives without its chunks, and its trailers are not headers', async () => {
  const { seen, handler } = recorder();
  const { port } = await serve(handler);
  const body = '3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n';
  await exchange(port, `POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${body}`);
  expect(Buffer.from(seen[0]?.body ?? []).toString()).toBe('abcde');
  expect(seen[0]?.rawHeaders.some(([name]) => name === 'X-Trailer')).toBe(false);
});

test('a request without a body has an empty one', async () => {
  const { seen, handler } = recorder();
  const { url } = await serve(handler);
  await fetch(url);
  expect(seen[0]?.body).toHaveLength(0);
});

test('an answer has the length of its body, and HEAD has no body', async () => {
  const { url, port } = await serve(async () => ({ status: 200, headers: {}, body: 'hällo' }));
  const answer = await fetch(url);
  expect(answer.headers.get('content-length')).toBe('6');
  expect(await answer.text()).toBe('hällo');
  const raw = await exchange(port, `HEAD / HTTP/1.1\r\n${head}\r\n`);
  expect(raw).toMatch(/content-length: 6/i);
  expect(raw.endsWith('\r\n\r\n')).toBe(true);
});

test('a handler may say another content-length on HEAD', async () => {
  const { url } = await serve(async () => ({
    status: 200,
    headers: { 'content-length': '12345' },
    body: '',
  }));
  expect((await fetch(url, { method: 'HEAD' })).headers.get('content-length')).toBe('12345');
});

test('204 has neither body nor length', async () => {
  const { port } = await serve(async () => ({ status: 204, headers: {}, body: 'x' }));
  const raw = await exchange(port, `GET / HTTP/1.1\r\n${head}\r\n`);
  expect(raw).toMatch(/^HTTP\/1\.1 204/);
  expect(raw).not.toMatch(/content-length/i);
  expect(raw.endsWith('\r\n\r\n')).toBe(true);
});

describe('limits', () => {
  test('100 KB of headers pass, and past the limit the answer is 431', async () => {
    const { seen, handler } = recorder();
    const { port } = await serve(handler);
    const ok = await exchange(port, `GET / HTTP/1.1\r\n${head}X-Big: ${'a'.repeat(100_000)}\r\n\r\n`);
    expect(ok).toMatch(/^HTTP\/1\.1 200/);
    const tooMuch = await exchange(port, `GET / HTTP/1.1\r\n${head}X-Big: ${'a'.repeat(140_000)}\r\n\r\n`);
    expect(tooMuch).toMatch(/^HTTP\/1\.1 431/);
    expect(seen).toHaveLength(1);
  });

  test('a target of 100 KB passes', async () => {
    const { port } = await serve(recorder().handler);
    const answer = await exchange(port, `GET /?${'a'.repeat(100_000)} HTTP/1.1\r\n${head}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
  });

  test('a body of exactly the limit passes, and a byte more is answered with 413', async () => {
    const { seen, handler } = recorder();
    const { url } = await serve(handler, { maximumBodyBytes: 1000 });
    const post = (length: number) => fetch(url, { method: 'POST', body: 'a'.repeat(length) });
    expect((await post(1000)).status).toBe(200);
    expect((await post(1001)).status).toBe(413);
    expect((await post(5_000_000)).status).toBe(413);
    expect(seen).toHaveLength(1);
  });

  test('a chunked body past the limit is answered with 413', async () => {
    const { seen, handler } = recorder();
    const { port } = await serve(handler, { maximumBodyBytes: 10 });
    const body = `${'5\r\nabcde\r\n'.repeat(3)}0\r\n\r\n`;
    const answer = await exchange(
      port,
      `POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(seen).toHaveLength(0);
  });

  test('a client that never stops sending is cut off', async () => {
    const { port } = await serve(recorder().handler, { maximumBodyBytes: 10 });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    const end = closed(socket);
    socket.write(`POST / HTTP/1.1\r\n${head}Content-Length: 100000000\r\n\r\n`);
    const block = Buffer.alloc(1_000_000);
    const pump = () => {
      while (socket.writable && socket.write(block)) socket.uncork();
    };
    socket.on('drain', pump);
    socket.resume();
    pump();
    await end;
    expect(socket.bytesWritten).toBeLessThan(100_000_000);
  });

  test('a request that comes too slowly is answered with 408', async () => {
    const { seen, handler } = recorder();
    const { port } = await serve(handler, { requestTimeoutMilliseconds: 100 });
    const slow = await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(slow).toMatch(/^HTTP\/1\.1 408/);
    const slowBody = await exchange(port, `POST / HTTP/1.1\r\n${head}Content-Length: 10\r\n\r\nabc`);
    expect(slowBody).toMatch(/^HTTP\/1\.1 408/);
    expect(seen).toHaveLength(0);
  });
});

describe('Expect: 100-continue', () => {
  const start = `POST / HTTP/1.1\r\n${head}Expect: 100-continue\r\n`;

  test('is answered before the body, and then the request is', async () => {
    const { seen, handler } = recorder();
    const { port } = await serve(handler);
    const socket = connect(port, '127.0.0.1');
    socket.write(`${start}Content-Length: 3\r\n\r\n`);
    expect(await firstText(socket)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    expect(seen).toHaveLength(0);
    socket.write('abc');
    expect(await textOf(socket)).toMatch(/HTTP\/1\.1 200[^]*abc$/);
  });

  test('is refused at once when the body would be too long', async () => {
    const { seen, handler } = recorder();
    const { port } = await serve(handler, { maximumBodyBytes: 10 });
    const answer = await exchange(port, `${start}Content-Length: 11\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(seen).toHaveLength(0);
  });

  test('any other expectation is answered with 417', async () => {
    const { port } = await serve(recorder().handler);
    const answer = await exchange(port, `GET / HTTP/1.1\r\n${head}Expect: tea\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 417/);
  });
});

describe('trouble', () => {
  test.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['no Host header', 'GET / HTTP/1.1\r\n\r\n'],
    ['a header without a colon', `GET / HTTP/1.1\r\n${head}nothing\r\n\r\n`],
    ['a length that is no number', `POST / HTTP/1.1\r\n${head}Content-Length: x\r\n\r\n`],
    ['two lengths', `POST / HTTP/1.1\r\n${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    [
      'length and chunks',
      `POST / HTTP/1.1\r\n${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a broken chunk', `POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ])('%s is answered with 400 and reaches no handler', async (_, bytes) => {
    const { seen, handler } = recorder();
    const { port } = await serve(handler);
    expect(await exchange(port, bytes)).toMatch(/^HTTP\/1\.1 400/);
    expect(seen).toHaveLength(0);
  });

  test('a handler that throws is answered with 500 and no stack', async () => {
    const { url } = await serve(async () => {
      throw new Error('secret-detail');
    });
    const answer = await fetch(url);
    expect(answer.status).toBe(500);
    const body = await answer.text();
    expect(body).not.toContain('secret-detail');
    expect(body).not.toContain('at ');
  });

  test('an answer that cannot be sent is a 500', async () => {
    const { url } = await serve(async () => ({ status: 200, headers: { 'x-a': 'b\r\nx: y' }, body: '' }));
    expect((await fetch(url)).status).toBe(500);
  });

  test('a client that goes away leaves the server in order', async () => {
    const { seen, handler } = recorder();
    const { port, url } = await serve(handler);
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\n${head}Content-Length: 10\r\n\r\nabc`, () => socket.destroy());
    await closed(socket);
    expect((await fetch(url)).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  test('random bytes over the socket are never a crash', async () => {
    const { port, url } = await serve(recorder().handler, { requestTimeoutMilliseconds: 200 });
    const line = fc.string({ unit: 'binary-ascii', maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(line, line, async (target, header) => {
        await exchange(port, `GET /${target} HTTP/1.1\r\n${head}X-A: ${header}\r\n\r\n\r\n\r\n`);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect((await fetch(url)).status).toBe(200);
  }, 30_000);
});

describe('closing', () => {
  test('ends connections that are kept alive, and frees the port', async () => {
    const listening = await serve(recorder().handler);
    const request = httpRequest(listening.url, { agent });
    await answerOf(request);
    await listening.close();
    const again = await serve(recorder().handler, { port: listening.port });
    expect(again.port).toBe(listening.port);
  });

  test('ends a request in flight and one that was never finished', async () => {
    const { url, port, close } = await serve(() => new Promise(() => undefined));
    const answer = fetch(url).then(
      () => 'answered',
      () => 'cut',
    );
    const half = connect(port, '127.0.0.1');
    half.on('error', () => undefined);
    await once(half, 'connect');
    await close();
    expect(await answer).toBe('cut');
  });

  test('may be asked for twice', async () => {
    const { close } = await serve(recorder().handler);
    await Promise.all([close(), close()]);
    await expect(close()).resolves.toBeUndefined();
  });
});

test('a port that is taken is an error', async () => {
  const { port } = await serve(recorder().handler);
  await expect(listen(recorder().handler, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('without options it is heard on this machine alone', async () => {
  const { url, port } = await serve(recorder().handler);
  expect(url).toBe(`http://127.0.0.1:${port}`);
});

describe('TLS', () => {
  test('serves HTTPS with the certificate given, and refuses versions below 1.2', async () => {
    const tls = await tlsCertificate();
    const { url, port } = await serve(async () => ({ status: 200, headers: {}, body: 'tls' }), { tls });
    expect(url).toBe(`https://127.0.0.1:${port}`);
    const request = httpsRequest(url, { ca: tls.cert, agent: false });
    expect(await answerOf(request)).toBe('tls');
    const old = connectTls({
      port,
      host: '127.0.0.1',
      ca: tls.cert,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
    });
    await expect(once(old, 'secureConnect')).rejects.toThrow(/protocol|version/i);
  });

  test('a key that is no key is an error', async () => {
    await expect(listen(recorder().handler, { tls: { key: 'x', cert: 'y' } })).rejects.toThrow(/PEM/i);
  });

  test('closing ends a handshake that was never finished', async () => {
    const { port, close } = await serve(recorder().handler, { tls: await tlsCertificate() });
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    await close();
    expect(socket.readable).toBe(true);
  });
});
