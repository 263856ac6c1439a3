import { X509Certificate, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { runScript } from './support/run-script.js';
import { PIN, certifyPublicKey, makeAuthorities } from './support/soft-token.js';
import { TPM_MODULE, type TpmToken, startTpmToken } from './support/tpm-token.js';

const test = testWith('REAL_HSM');
const ALGORITHMS = ['ecc256', 'rsa2048'] as const;

let token: TpmToken;
const certificates = new Map<string, string>();

beforeAll(async () => {
  if (realPart('REAL_HSM') === undefined) return;
  token = await startTpmToken();
  const { issuing } = await makeAuthorities();
  for (const algorithm of ALGORITHMS) {
    const store = ['--label', token.label, '--key-label', algorithm, '--path', join(token.folder, 'store')];
    await token.run('tpm2_ptool', 'addkey', '--algorithm', algorithm, '--userpin', PIN, ...store);
    const uri = `pkcs11:token=${token.label};object=${algorithm};type=public?pin-value=${PIN}`;
    const engine = ['-engine', 'pkcs11', '-inform', 'engine', '-pubin', '-in', uri];
    const publicKey = await token.run(
      'env',
      `PKCS11_MODULE_PATH=${TPM_MODULE}`,
      'openssl',
      'pkey',
      ...engine,
    );
    writeFileSync(join(token.folder, 'key.pub'), publicKey);
    const pem = certifyPublicKey(token.folder, join(token.folder, 'key.pub'), issuing);
    writeFileSync(join(token.folder, `${algorithm}.crt`), pem);
    await token.run('tpm2_ptool', 'addcert', ...store, join(token.folder, `${algorithm}.crt`));
    certificates.set(algorithm, pem);
  }
}, 60_000);
afterAll(() => token?.end());

describe('a token of tpm2-pkcs11', () => {
  test.each(ALGORITHMS)('signs with %s, 50 messages at once', async (algorithm) => {
    const certificate = `pkcs11:token=${token.label};object=${algorithm}`;
    const init = JSON.stringify({ certificate, module: TPM_MODULE, pin: PIN });
    const run = await runScript(
      `const provider = fromPkcs11(${init});
       const { key } = await provider();
       const texts = Array.from({ length: 50 }, (_, index) => String(index));
       const signatures = await Promise.all(texts.map((text) => key.sign(Buffer.from(text))));
       await provider.close();
       console.log(JSON.stringify(signatures.map((signature) => Buffer.from(signature).toString('base64'))));`,
      token.env,
    );
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    // Our script printed a list of texts.
    const signatures = JSON.parse(run.stdout) as string[];
    const { publicKey } = new X509Certificate(certificates.get(algorithm) ?? '');
    const isRight = (signature: string, index: number): boolean =>
      verify('sha256', Buffer.from(String(index)), publicKey, Buffer.from(signature, 'base64'));
    expect(signatures.map(isRight)).toEqual(signatures.map(() => true));
  });

  test('refuses a wrong PIN once, and is not asked again', async () => {
    const certificate = `pkcs11:token=${token.label};object=ecc256`;
    const init = JSON.stringify({ certificate, module: TPM_MODULE, pin: 'a wrong PIN' });
    const run = await runScript(
      `const messages = [];
       for (const provider of [fromPkcs11(${init}), fromPkcs11(${init})]) {
         await provider().catch((error) => messages.push(error.code + ' ' + error.message));
         await provider.close();
       }
       console.log(messages.join('\\n'));`,
      token.env,
    );
    const [first, second] = run.stdout.split('\n');
    expect(first).toContain(
      'PASSPHRASE_WRONG pkcs11:token=tpm;object=ecc256: C_Login answered CKR_PIN_INCORRECT',
    );
    expect(second).toContain('the token refused this PIN before, and it is not tried again');
  });
});
