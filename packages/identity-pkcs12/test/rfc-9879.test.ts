/** The examples of RFC 9879 (and of RFC 9579 before it), appendix A, as they are printed there. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { fromPkcs12 } from '../src/index.js';
import { openPkcs12 } from '../src/open-pkcs12.js';
import { selectIdentity } from '../src/select-identity.js';
import { errorOf } from '../../../tools/test-support/error-of.js';

const FOLDER = fileURLToPath(new URL('./vectors/', import.meta.url));
const example = (name: string): Buffer => readFileSync(`${FOLDER}rfc9879-${name}.p12`);
const PASSPHRASE = '1234';

describe('RFC 9879', () => {
  test.each([
    ['A.1: HMAC and PRF with SHA-256', 'a1'],
    ['A.2: HMAC with SHA-256, PRF with SHA-512', 'a2'],
    ['A.3: HMAC and PRF with SHA-512', 'a3'],
  ])('%s: opens', async (_, name) => {
    const contents = await openPkcs12(example(name), async () => PASSPHRASE);
    const { key } = await selectIdentity(contents);
    expect(key).toMatchObject({ asymmetricKeyType: 'rsa' });
    // Its certificate has expired long since, which is told only once it has been opened and has proved to be the key's.
    const { code } = await errorOf(fromPkcs12({ data: example(name), passphrase: PASSPHRASE }));
    expect(code).toBe('CERTIFICATE_EXPIRED');
  });

  test.each([
    ['A.4: another count of iterations', 'a4', 'PASSPHRASE_WRONG', 'does not open'],
    ['A.5: another salt', 'a5', 'PASSPHRASE_WRONG', 'does not open'],
    ['A.6: no length of the key', 'a6', 'PRIVATE_KEY_INVALID', 'the length of the key of its MAC is missing'],
  ])('%s: is refused', async (...[, name, code, words]) => {
    const error = await errorOf(fromPkcs12({ data: example(name), passphrase: PASSPHRASE }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(words)]);
  });

  test('A.1 does not open with another passphrase', async () => {
    const { code } = await errorOf(fromPkcs12({ data: example('a1'), passphrase: '12345' }));
    expect(code).toBe('PASSPHRASE_WRONG');
  });
});
