import type { AnswerHead } from './transport.js';

/** The most that is read of an answer, in bytes: 1 MiB. A session is about 2 KiB. */
export const maximumBodyBytes = 2 ** 20;

/** The answer is larger than {@link maximumBodyBytes}; the rest of it was not read. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
  /** What came before the body, when that is known. Not shown with the error: a header may hold what nobody should read. */
  readonly #head: AnswerHead | undefined;

  constructor(message: string, head?: AnswerHead) {
    super(message);
    this.#head = head;
  }

  get head(): AnswerHead | undefined {
    return this.#head;
  }
}

/**
 * Reads a body to its end: a Node or web stream, or bytes or text that are already there. Counts while reading and stops
 * at the limit, whatever the headers said.
 * @throws BodyTooLargeError
 */
export async function readBody(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return limited(new TextEncoder().encode(body));
  if (body instanceof Uint8Array) return limited(body);
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early ends the iterator, which destroys the stream and with it the connection.
  for await (const chunk of chunksOf(body)) {
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    if (!(bytes instanceof Uint8Array))
      throw new TypeError('The body of the answer does not consist of bytes.');
    length += bytes.length;
    if (length > maximumBodyBytes) throw tooLarge();
    chunks.push(bytes);
  }
  return joined(chunks, length);
}

function chunksOf(body: unknown): AsyncIterable<unknown> {
  if (typeof body === 'object' && body !== null) {
    if (isIterable(body)) return body;
    if (isReadable(body)) return readAll(body);
  }
  throw new TypeError('The body of the answer is neither bytes, text nor a stream.');
}

function isIterable(body: object): body is AsyncIterable<unknown> {
  return Symbol.asyncIterator in body;
}

function isReadable(body: object): body is ReadableStream {
  return 'getReader' in body;
}

/** For browsers whose streams are not iterable. */
async function* readAll(stream: ReadableStream): AsyncGenerator {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function limited(bytes: Uint8Array): Uint8Array {
  if (bytes.length > maximumBodyBytes) throw tooLarge();
  return bytes;
}

function tooLarge(): BodyTooLargeError {
  return new BodyTooLargeError(`The answer is larger than ${maximumBodyBytes} bytes.`);
}
