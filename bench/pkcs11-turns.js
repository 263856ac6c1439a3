/** How long a key in a token holds the event loop, and what malformed input costs: for pkcs11.js. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './compare.js';

/** SoftHSM. */
export const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
const script = fileURLToPath(new URL('pkcs11-process.js', import.meta.url));
const source = fileURLToPath(
  new URL('../packages/identity-pkcs11/test-real/support/strange-module.c', import.meta.url),
);

/** In processes of their own; of the turns the median of five, since one alone is as often the machine's. */
export function pkcs11TurnFigures(folder) {
  const rsa = Array.from({ length: 5 }, () => figuresIn({}));
  const { malformed, count } = figuresIn({ label: 'P256', folder });
  const figures = [
    limited('pkcs11LoopHold', 'longest turn of the event loop, load and 200 signatures at once', {
      value: median(rsa.map(({ hold }) => hold)),
      limit: 20,
    }),
    limited('pkcs11Malformed', `longest of ${count} malformed URIs and certificate files`, {
      value: malformed,
      limit: 100,
    }),
  ];
  const slow = slowModule(folder);
  if (slow === undefined) return figures;
  const env = { STRANGE_MODULE: MODULE, STRANGE_SLOW: 'C_Initialize=200,C_Login=500,C_FindObjectsInit=50' };
  const what = 'the same with a module that takes more than a second to start, log in and search';
  const holds = Array.from({ length: 5 }, () => figuresIn({ module: slow, env }).hold);
  return [...figures, limited('pkcs11LoopHoldSlow', what, { value: median(holds), limit: 20 })];
}

function limited(name, what, { value, limit }) {
  return { name, what: `token, ${what}`, value: Number(value.toFixed(2)), unit: 'ms', limit };
}

/** @param folder - of the certificate's file; without it nothing malformed is tried */
function figuresIn({ module = MODULE, label = 'Rsa', folder, env = {} }) {
  const args = [script, module, label, ...(folder === undefined ? [] : [folder])];
  const options = { encoding: 'utf8', env: { ...process.env, ...env } };
  return JSON.parse(execFileSync(process.execPath, args, options));
}

/** The module of the tests that makes another one slow; undefined where there is no compiler. */
function slowModule(folder) {
  try {
    const headers = join(dirname(addonPath()), 'includes', 'pkcs11');
    const path = join(folder, 'slow.so');
    const args = ['-shared', '-fPIC', '-I', headers, '-o', path, source, '-ldl'];
    execFileSync('gcc', args, { stdio: 'pipe' });
    return path;
  } catch {
    return undefined;
  }
}

/** The file of the add-on that the package uses. */
export function addonPath() {
  const home = createRequire(import.meta.url).resolve('@rolesanywhere/identity-pkcs11/package.json');
  return createRequire(home).resolve('pkcs11js');
}
