import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { build } from 'esbuild';
import { installAsStranger, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { MODULE, PIN, type SoftToken, makeAuthorities, makeSoftToken } from './support/soft-token.js';

/** Loads, signs many at once, is closed, and then leaves another one open: the process ends by itself all the same. */
const BODY = `
async function main() {
  const init = JSON.parse(process.env.INIT);
  const provider = fromPkcs11(init);
  const { certificate, key } = await provider();
  const { publicKey } = new X509Certificate(certificate.der);
  const messages = Array.from({ length: 50 }, (_, index) => Buffer.from('message ' + index));
  const signatures = await Promise.all(messages.map((message) => key.sign(message)));
  const verdicts = messages.map((message, index) => verify('sha256', message, publicKey, signatures[index]));
  await provider.close();
  const late = await provider().catch((error) => error.code);
  const wrong = fromPkcs11({ ...init, pin: 'wrong' });
  const refused = await wrong().catch((error) => error.code);
  await wrong.close();
  await fromPkcs11(init)();
  return { isRight: !verdicts.includes(false), late, refused };
}
main().then((result) => console.log(JSON.stringify(result)));
`;
const FILES = {
  'hsm.mjs': `import { X509Certificate, verify } from 'node:crypto';
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { fromPkcs11 } from '@rolesanywhere/identity-pkcs11';${BODY}`,
  'hsm.cjs': `const { X509Certificate, verify } = require('node:crypto');
const { fromPkcs11 } = require('@rolesanywhere/identity-pkcs11');${BODY}`,
};
const EXPECTED = JSON.stringify({ isRight: true, late: 'IDENTITY_UNAVAILABLE', refused: 'PASSPHRASE_WRONG' });
const NODES = ['20.19.0', '22', '24', '26'];
const isThere = realPart('REAL_HSM') !== undefined && realPart('REAL_TARBALLS') !== undefined;
const testIn = (part: 'REAL_NODES' | 'REAL_RUNTIMES') => testWith(isThere ? part : 'REAL_HSM');

describe('the packed package, installed as a stranger would, with the add-on compiled', () => {
  let stranger: Awaited<ReturnType<typeof installAsStranger>>;
  let token: SoftToken;

  beforeAll(async () => {
    if (!isThere) return;
    stranger = await installAsStranger(['signer', 'identity-pkcs11'], { files: FILES });
    expect(await runCleanly(['npm', 'rebuild', 'pkcs11js'], { cwd: stranger.folder })).toMatchObject({
      exitCode: 0,
    });
    token = makeSoftToken('runtimes', 'own');
    token.makeKey({ id: '01', type: 'EC:prime256v1' });
    token.putCertificate('01', token.certify('01', (await makeAuthorities()).issuing));
  }, 300_000);
  afterAll(() => {
    token?.remove();
    stranger?.remove();
  });

  async function works(...command: readonly [string, ...string[]]): Promise<void> {
    const INIT = JSON.stringify({ certificate: `${token.uri};id=%01`, module: MODULE, pin: PIN });
    const run = await runCleanly(command, { cwd: stranger.folder, env: { ...token.env, INIT } });
    expect(run).toEqual({ exitCode: 0, stdout: `${EXPECTED}\n`, stderr: '' });
  }

  for (const version of NODES) {
    const node = join(realPart('REAL_NODES') ?? '', 'node_modules', `n${version.slice(0, 2)}`, 'bin', 'node');
    for (const file of ['hsm.mjs', 'hsm.cjs'])
      testIn('REAL_NODES')(`works in Node ${version}: ${file}`, () => works(node, file), 60_000);
  }

  testIn('REAL_NODES')('works within the bundle of an application, with the add-on outside it', async () => {
    const bundle = { bundle: true, minify: true, platform: 'node' as const, external: ['pkcs11js'] };
    for (const [file, format] of [
      ['hsm.mjs', 'esm'],
      ['hsm.cjs', 'cjs'],
    ] as const) {
      const outfile = join(stranger.folder, 'bundle', file);
      await build({ ...bundle, format, outfile, entryPoints: [join(stranger.folder, file)] });
      await works(process.execPath, outfile);
    }
  });

  const program = (name: string): string => join(realPart('REAL_RUNTIMES') ?? '', name);
  testIn('REAL_RUNTIMES')('works in Bun', () => works(program('bun'), 'hsm.mjs'), 60_000);
  testIn('REAL_RUNTIMES')(
    'works in Deno',
    () => works(program('deno'), 'run', '--no-prompt', '--no-remote', '--allow-all', 'hsm.mjs'),
    60_000,
  );
});
