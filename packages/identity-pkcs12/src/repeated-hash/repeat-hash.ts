import { createHash, hash as hashAtOnce } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type HashCode, repeatedly } from './hash-code.js';
import { sha1Code } from './sha1-code.js';
import { type Sha2, sha2Code } from './sha2-code.js';
import { wasmModule } from './wasm-module.js';

/** The digest of a digest, so many times; of none, the digest itself. */
export type RepeatHash = (digest: Uint8Array, times: number) => Uint8Array;

const REPEATERS: Readonly<Record<string, () => Promise<RepeatHash | undefined>>> = {
  sha1: once(() => compile(sha1Code)),
  ...Object.fromEntries(
    (['sha224', 'sha256', 'sha384', 'sha512', 'sha512-256'] satisfies Sha2[]).map((name) => [
      name,
      once(() => compile(() => sha2Code(name))),
    ]),
  ),
};

/**
 * The fastest way to repeat a hash. 600,000 calls of `node:crypto` take ten times as long as the hashing, most of it on the way
 * there and back; so where there is WebAssembly, the compression function is compiled to it, once in a process.
 *
 * @param name - as `node:crypto` knows it
 * @see FIPS 180-4
 */
export async function repeaterOf(name: string): Promise<RepeatHash> {
  const repeater = typeof WebAssembly === 'undefined' ? undefined : REPEATERS[name];
  return (await repeater?.()) ?? ((digest, times) => repeatCalls(name, digest, times));
}

/** One digest. `crypto.hash` is the faster one; not every runtime that takes Node's side has it. */
export function digestOf(name: string, data: Uint8Array): Uint8Array {
  return typeof hashAtOnce === 'function'
    ? hashAtOnce(name, data, 'buffer')
    : createHash(name).update(data).digest();
}

function repeatCalls(name: string, digest: Uint8Array, times: number): Uint8Array {
  let last = digest;
  for (let time = 0; time < times; time += 1) last = digestOf(name, last);
  return last;
}

/** Undefined where the process may not compile. */
function compile(codeOf: () => HashCode): Promise<RepeatHash | undefined> {
  return instantiate(codeOf).catch(() => undefined);
}

/** In several turns of the event loop: nothing of this is compiled yet itself. */
async function instantiate(codeOf: () => HashCode): Promise<RepeatHash> {
  const code = codeOf();
  await nextTurn();
  const octets = wasmModule(repeatedly(code));
  await nextTurn();
  const { instance } = await WebAssembly.instantiate(octets);
  const { f: run, m: memory } = instance.exports;
  if (typeof run !== 'function' || !(memory instanceof WebAssembly.Memory))
    throw new Error('not as compiled');
  const { octets: wordOctets } = code.word;
  const place = new Uint8Array(memory.buffer, 0, wordOctets * code.digestWords);
  const turned = (words: Buffer): Buffer => (wordOctets === 4 ? words.swap32() : words.swap64());
  return (digest, times) => {
    if (times < 1) return digest;
    place.set(turned(Buffer.from(digest)));
    Reflect.apply(run, undefined, [times]);
    return turned(Buffer.from(place));
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
