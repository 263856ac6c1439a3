/** What the repository's own writer of PBMAC1 makes is what OpenSSL 3.5, which Node 24 and later carry, takes for it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy, derOf, pkcs8Of } from '../test/support/certificates.js';
import { codeOf } from '../../../tools/test-support/error-of.js';
import {
  certificateBag,
  encryptedKeyBag,
  pbkdf2Aes256,
  pbmac1,
  pkcs12,
  plainSafe,
} from '../test/support/write-pkcs12.js';

const PASSPHRASE = 'correct horse';
const OPEN = `
const [, file, passphrase] = process.argv;
require('node:tls').createSecureContext({ pfx: require('node:fs').readFileSync(file), passphrase });
`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openssl-3.5-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

testWith('REAL_NODES').each(['n24', 'n26'])('PBMAC1 opens here and in %s', async (version) => {
  const leaf = await (await createHierarchy()).leaf('CN=leaf');
  const key = encryptedKeyBag(pkcs8Of(leaf), pbkdf2Aes256(PASSPHRASE));
  const data = pkcs12([plainSafe(key, certificateBag(derOf(leaf)))], pbmac1(PASSPHRASE, { keyLength: 32 }));
  const file = join(folder, `${version}.p12`);
  writeFileSync(file, data);
  const node = join(realPart('REAL_NODES') ?? '', 'node_modules', version, 'bin', 'node');
  const openWith = (passphrase: string) => runCleanly([node, '-e', OPEN, file, passphrase]);
  expect(await openWith(PASSPHRASE)).toMatchObject({ exitCode: 0 });
  expect((await openWith('another')).stderr).toContain('mac verify failure');
  expect(await codeOf(fromPkcs12({ file, passphrase: PASSPHRASE }))).toBe('ok');
  expect(await codeOf(fromPkcs12({ file, passphrase: 'another' }))).toBe('PASSPHRASE_WRONG');
});
