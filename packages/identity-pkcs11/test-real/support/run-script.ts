import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Run, runCleanly } from '../../../../tools/test-support/real-parts.js';

/** The package as it was built; `npm run test:real` builds before it tests. */
const DOOR = join(process.cwd(), 'packages', 'identity-pkcs11', 'dist', 'esm', 'index.js');

/**
 * Runs a module that has `fromPkcs11` in a process of its own: a PKCS#11 library reads the environment of the process, which
 * a test cannot change in its own.
 */
export async function runScript(body: string, env: Readonly<Record<string, string>>): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'script-'));
  const path = join(folder, 'script.mjs');
  writeFileSync(path, `import { fromPkcs11 } from ${JSON.stringify(DOOR)};\n${body}`);
  const run = await runCleanly([process.execPath, path], { env });
  rmSync(folder, { recursive: true });
  return run;
}
