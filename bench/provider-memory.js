/** What one more provider with a session costs a process in memory. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Kilobytes of heap: the provider and its session, without the code that all share. */
export function providerMemory() {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const script = ['--expose-gc', 'provider-memory-process.js'];
  const { bytes } = JSON.parse(
    execFileSync(process.execPath, script, { cwd: folder, env, encoding: 'utf8' }),
  );
  return {
    name: 'providerKilobytes',
    what: 'memory of one more provider with a session',
    value: Number((bytes / 1000).toFixed(1)),
    unit: 'kB',
    limit: 10,
  };
}
