import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { BodyTooLargeError, maximumBodyBytes, readBody } from '../../src/transport/read-body.js';
import { rejectionOf } from '../support/options.js';

const text = async (body: unknown): Promise<string> => new TextDecoder().decode(await readBody(body));

test('reads text, bytes, Node streams and web streams', async () => {
  expect(await text('añb')).toBe('añb');
  expect(await text(new TextEncoder().encode('añb'))).toBe('añb');
  expect(await text(Readable.from([Buffer.from('a'), Buffer.from('b')]))).toBe('ab');
  expect(await text(new Response('añb').body)).toBe('añb');
  expect(await text(undefined)).toBe('');
});

test('reads a web stream that cannot be iterated', async () => {
  const stream = new Response('ab').body;
  expect(await text({ getReader: () => stream?.getReader() })).toBe('ab');
});

test('reads exactly the limit', async () => {
  expect((await readBody(Readable.from([Buffer.alloc(maximumBodyBytes)]))).length).toBe(maximumBodyBytes);
});

test('stops at one byte more, and destroys the stream', async () => {
  const stream = Readable.from([Buffer.alloc(maximumBodyBytes), Buffer.alloc(1), Buffer.alloc(1)]);
  expect(await rejectionOf(readBody(stream))).toBeInstanceOf(BodyTooLargeError);
  expect(stream.destroyed).toBe(true);
});

test('refuses text and bytes beyond the limit', async () => {
  expect(await rejectionOf(readBody('x'.repeat(maximumBodyBytes + 1)))).toBeInstanceOf(BodyTooLargeError);
  expect(await rejectionOf(readBody(new Uint8Array(maximumBodyBytes + 1)))).toBeInstanceOf(BodyTooLargeError);
});

test('refuses what is no body', async () => {
  expect(await rejectionOf(readBody(7))).toBeInstanceOf(TypeError);
  expect(await rejectionOf(readBody(Readable.from([{}])))).toBeInstanceOf(TypeError);
});
