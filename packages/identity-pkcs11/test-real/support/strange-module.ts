import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const HERE = join(process.cwd(), 'packages', 'identity-pkcs11');

/**
 * Compiles a module that stands before another one and makes it slow, wrong or poor, as the environment says.
 *
 * @returns its path
 * @see strange-module.c
 */
export function buildStrangeModule(folder: string): string {
  const addon = dirname(createRequire(join(HERE, 'package.json')).resolve('pkcs11js'));
  const path = join(folder, 'strange.so');
  const source = join(HERE, 'test-real', 'support', 'strange-module.c');
  const headers = join(addon, 'includes', 'pkcs11');
  execFileSync('gcc', ['-shared', '-fPIC', '-I', headers, '-o', path, source, '-ldl'], { stdio: 'pipe' });
  return path;
}
