import * as fc from 'fast-check';
import { meaningOf, parseWireRequest } from './wire-request.js';

/** What is sent over a connection, and whether an answer to it can be waited for with the connection open. */
export interface FuzzedRequest {
  readonly kind: string;
  readonly bytes: Buffer;
  /** False: the server may wait for more, or find a second request in the rest. The connection has to be ended. */
  readonly isFramed: boolean;
}

/** Requests made of valid ones, none of which means the same as one of them. */
export function fuzzedRequests(valid: readonly Buffer[]): fc.Arbitrary<FuzzedRequest> {
  const meanings = new Set(valid.map((bytes) => meaningOf(bytes)));
  const original = fc.constantFrom(...valid);
  const damaged = DAMAGES.map(({ weight, kind, damage }) => ({
    weight,
    arbitrary: fc.tuple(original, damage).map(([bytes, change]) => ({ kind, bytes: change(bytes) })),
  }));
  return fc
    .oneof(...damaged)
    .filter(({ bytes }) => !meanings.has(meaningOf(bytes)))
    .map(({ kind, bytes }) => ({ kind, bytes, isFramed: isFramed(bytes) }));
}

type Change = (request: Buffer) => Buffer;
interface Damage {
  readonly weight: number;
  readonly kind: string;
  readonly damage: fc.Arbitrary<Change>;
}

const octet = fc.nat(255);
const onText = (change: (text: string) => string): Change => {
  return (request) => Buffer.from(change(request.toString('latin1')), 'latin1');
};
const onLines = (change: (lines: readonly string[], body: string) => string): Change =>
  onText((text) => {
    const end = text.indexOf('\r\n\r\n');
    return change(text.slice(0, end).split('\r\n'), text.slice(end + 4));
  });
const joined = (lines: readonly string[], body: string): string => `${lines.join('\r\n')}\r\n\r\n${body}`;
const headerAt = (lines: readonly string[], at: number): number => 1 + (at % (lines.length - 1));

const flipped = fc.tuple(fc.nat(), fc.nat(7)).map(([at, bit]): Change => (request) => {
  const copy = Buffer.from(request);
  const position = at % copy.length;
  copy[position] = (copy[position] ?? 0) ^ (1 << bit);
  return copy;
});

const METHODS = [
  'GET',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'BREW',
  'post',
  'POST POST',
];
const CHUNKS = [
  'zz\r\n',
  '-1\r\nabc\r\n',
  'ffffffffffffffff\r\n',
  '5\r\nab',
  '2\r\nabc\r\n0\r\n\r\n',
  '\0\r\n',
];

const DAMAGES: readonly Damage[] = [
  { weight: 30, kind: 'a flipped bit', damage: flipped },
  {
    weight: 10,
    kind: 'several flipped bits',
    damage: fc.array(flipped, { minLength: 2, maxLength: 8 }).map(
      (changes): Change =>
        (request) =>
          changes.reduce((bytes, change) => change(bytes), request),
    ),
  },
  {
    weight: 10,
    kind: 'an octet replaced',
    damage: fc.tuple(fc.nat(), octet).map(([at, value]): Change => (request) => {
      const copy = Buffer.from(request);
      copy[at % copy.length] = value;
      return copy;
    }),
  },
  {
    weight: 8,
    kind: 'octets put in',
    damage: fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(
      ([at, more]): Change =>
        (request) =>
          Buffer.concat([
            request.subarray(0, at % request.length),
            more,
            request.subarray(at % request.length),
          ]),
    ),
  },
  {
    weight: 8,
    kind: 'octets taken out',
    damage: fc.tuple(fc.nat(), fc.integer({ min: 1, max: 40 })).map(
      ([at, count]): Change =>
        (request) =>
          Buffer.concat([
            request.subarray(0, at % request.length),
            request.subarray((at % request.length) + count),
          ]),
    ),
  },
  {
    weight: 8,
    kind: 'a truncation',
    damage: fc.nat().map(
      (at): Change =>
        (request) =>
          request.subarray(0, at % request.length),
    ),
  },
  {
    weight: 8,
    kind: 'a header twice',
    damage: fc
      .nat()
      .map((at) => onLines((lines, body) => joined([...lines, lines[headerAt(lines, at)] ?? ''], body))),
  },
  {
    weight: 6,
    kind: 'a header left out',
    damage: fc.nat().map((at) =>
      onLines((lines, body) =>
        joined(
          lines.filter((_, index) => index !== headerAt(lines, at)),
          body,
        ),
      ),
    ),
  },
  {
    weight: 6,
    kind: 'an odd method',
    damage: fc
      .constantFrom(...METHODS)
      .map((method) =>
        onLines(([first = '', ...rest], body) => joined([first.replace('POST', method), ...rest], body)),
      ),
  },
  {
    weight: 6,
    kind: 'garbage for chunks',
    damage: fc
      .constantFrom(...CHUNKS)
      .map((chunks) =>
        onLines((lines) =>
          joined(
            [...lines.filter((line) => !/^content-length/i.test(line)), 'Transfer-Encoding: chunked'],
            chunks,
          ),
        ),
      ),
  },
];

/** One whole request and nothing after it, for whoever reads it. */
function isFramed(request: Buffer): boolean {
  const parsed = parseWireRequest(request);
  if (parsed === undefined) return false;
  const lengths = parsed.headers.filter(([name]) => name === 'content-length');
  const isOtherwise = parsed.headers.some(([name]) =>
    ['transfer-encoding', 'upgrade', 'expect'].includes(name),
  );
  const isWhole = lengths.length === 1 && lengths[0]?.[1] === String(parsed.body.length);
  return isWhole && !isOtherwise && parsed.method === 'POST';
}
