import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PURPOSE, derivePkcs12Key } from '../../src/protection/derive-pkcs12-key.js';
import { HASHES } from '../../src/protection/hashes.js';
import { secretsOf } from '../../src/protection/secrets.js';
import { type OpensslFolder, opensslFolder } from '../support/openssl.js';

let folder: OpensslFolder;
beforeAll(() => {
  folder = opensslFolder();
});
afterAll(() => folder.remove());

const PASSWORDS = [
  '',
  'smeg',
  'queeg',
  'a passphrase of more than one block of octets, whatever the hash function is…',
];
const CASES = Object.values(HASHES).flatMap((hash) =>
  Object.values(PURPOSE).map((purpose) => [hash.name, purpose, hash] as const),
);

test.each(CASES)('%s, purpose %i, as OpenSSL derives it', async (_, purpose, hash) => {
  for (const [index, password] of PASSWORDS.entries()) {
    const salt = Buffer.alloc(7 + 40 * index, 0x51 + index);
    const [secret] = secretsOf(password);
    const bmp = Buffer.from(secret?.bmp ?? []);
    const iterations = [1, 2, 1000, 5000][index] ?? 1;
    const options = [
      `digest:${hash.name}`,
      `hexpass:${bmp.toString('hex')}`,
      `hexsalt:${salt.toString('hex')}`,
    ];
    const args = [...options, `iter:${iterations}`, `id:${purpose}`].flatMap((option) => ['-kdfopt', option]);
    const expected = folder.run('kdf', '-keylen', '100', ...args, 'PKCS12KDF').trim();
    const key = await derivePkcs12Key(bmp, { hash, purpose, salt, iterations, octets: 100 });
    expect(Buffer.from(key).toString('hex').toUpperCase()).toBe(expected.replaceAll(':', ''));
  }
});

test('an absurdly long salt is refused', async () => {
  const [hash] = Object.values(HASHES);
  if (hash === undefined) throw new Error('no hash');
  const derivation = { hash, purpose: 1, salt: new Uint8Array(1025), iterations: 1, octets: 8 };
  await expect(derivePkcs12Key(new Uint8Array(), derivation)).rejects.toThrow('a salt is absurdly long');
});

test('while a key is derived, others have their turns', async () => {
  const hash = HASHES['1.3.14.3.2.26'];
  if (hash === undefined) throw new Error('no SHA-1');
  const derivation = { hash, purpose: 1, salt: new Uint8Array(8), iterations: 100_000, octets: 20 };
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await derivePkcs12Key(new Uint8Array(), derivation);
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(97);
});
