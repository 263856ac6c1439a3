import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, property, uint8Array } from 'fast-check';
import { decryptRc2Block, decryptRc2Cbc, expandRc2Key } from '../../src/protection/rc2.js';
import { type OpensslFolder, opensslFolder } from '../support/openssl.js';

const LONG_KEY = '88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e';
let folder: OpensslFolder;
beforeAll(() => {
  folder = opensslFolder();
});
afterAll(() => folder.remove());

/** RFC 2268 §5. */
test.each([
  ['0000000000000000', 63, '0000000000000000', 'ebb773f993278eff'],
  ['ffffffffffffffff', 64, 'ffffffffffffffff', '278b27e42e2f0d49'],
  ['3000000000000000', 64, '1000000000000001', '30649edf9be7d2c2'],
  ['88', 64, '0000000000000000', '61a8a244adacccf0'],
  ['88bca90e90875a', 64, '0000000000000000', '6ccf4308974c267f'],
  [LONG_KEY.slice(0, 32), 64, '0000000000000000', '1a807d272bbe5db1'],
  [LONG_KEY.slice(0, 32), 128, '0000000000000000', '2269552ab0f85ca6'],
  [LONG_KEY, 129, '0000000000000000', '5b78d3a43dfff1f1'],
] as const)('the vector of key %s, %i bits', (...[key, bits, plaintext, ciphertext]) => {
  const words = expandRc2Key(Buffer.from(key, 'hex'), bits);
  const opened = decryptRc2Block(words, Buffer.from(ciphertext, 'hex'));
  expect(Buffer.from(opened).toString('hex')).toBe(plaintext);
});

test.each([
  ['rc2-40-cbc', 5],
  ['rc2-cbc', 16],
] as const)('%s as OpenSSL encrypts it', (cipher, keyOctets) => {
  const octets = (length: number) => uint8Array({ minLength: length, maxLength: length });
  const texts = uint8Array({ minLength: 8, maxLength: 200 });
  assert(
    property(octets(keyOctets), octets(8), texts, (key, iv, text) => {
      const plaintext = text.subarray(0, text.length - (text.length % 8));
      writeFileSync(join(folder.path, 'plain'), plaintext);
      const [k, v] = [key, iv].map((bytes) => Buffer.from(bytes).toString('hex'));
      const io = ['-in', 'plain', '-out', 'cipher', '-nopad', '-provider', 'legacy', '-provider', 'default'];
      folder.run('enc', `-${cipher}`, '-K', `${k}`, '-iv', `${v}`, ...io);
      expect(Buffer.from(decryptRc2Cbc(key, iv, folder.read('cipher')))).toEqual(Buffer.from(plaintext));
    }),
    { numRuns: 10 },
  );
});
