/** What importing the provider adds to a process that has an AWS client loaded already, each in a fresh process. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './compare.js';

const FRESH_PROCESSES = 21;
const folder = fileURLToPath(new URL('.', import.meta.url));

const HEAVY = /node_modules\/(pkijs|asn1js|@noble)\//;

/** Milliseconds, for both module forms; and how many files of heavy packages came along (none may). */
export function providerImport() {
  const heavy = run('loaded-modules.js').filter((file) => HEAVY.test(file));
  return [
    figure(
      'providerImportEsmMilliseconds',
      'import of the provider after client-s3 (ESM)',
      time('import-esm.js'),
    ),
    figure(
      'providerImportCjsMilliseconds',
      'require of the provider after client-s3 (CommonJS)',
      time('import-cjs.cjs'),
    ),
    {
      name: 'heavyModulesLoaded',
      what: 'heavy files loaded by that',
      value: heavy.length,
      unit: 'files',
      limit: 0,
    },
  ];
}

function time(script) {
  const runs = Array.from({ length: FRESH_PROCESSES }, () => run(script).milliseconds);
  return median(runs);
}

function run(script) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  return JSON.parse(execFileSync(process.execPath, [script], { cwd: folder, env, encoding: 'utf8' }));
}

function figure(name, what, value) {
  return { name, what, value: Number(value.toFixed(2)), unit: 'ms', limit: 5 };
}
