import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };

function run(
  command: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

describe('the demo', () => {
  test('walks every step, shows what is refused, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await run(process.execPath, [join(dist, 'demo.js')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/assumed-role\/ExampleRole\/[0-9a-f]+\n/);
    expect(stdout).toMatch(/upload-object: .*objeto\.txt/);
    expect(stdout).toMatch(/SDK fromProcess: +arn:aws:sts::/);
    expect(stdout).toContain('403 AccessDeniedException: Invalid signature');
    expect(stdout).toContain('SIGNATURE_WRONG');
    expect(stdout).toContain('CERTIFICATE_EXPIRED, before anything is sent');
    expect(stdout).toContain('the emulator knows    CERTIFICATE_EXPIRED');
    expect(stdout).toContain('403 AccessDeniedException: Untrusted signing certificate');
    expect(stdout).toContain("Requested Role isn't one of those listed in the Profile.");
    expect(existsSync(folderOf(stdout))).toBe(false);
  }, 60_000);

  test('kept, goes on by hand with the commands that it prints', async () => {
    const { code, stdout } = await run(process.execPath, [join(dist, 'demo.js'), '--keep']);
    expect(code).toBe(0);
    const folder = folderOf(stdout);
    const serve = spawn(process.execPath, [join(dist, 'serve.js'), folder], { env });
    try {
      await once(serve.stdout, 'data');
      const printed = /^ {3}(node "[^"]+" credential-process [\s\S]+?)\n\n/m.exec(stdout)?.[1] ?? '';
      const byHand = await run('sh', ['-c', printed]);
      expect(byHand.stderr).toBe('');
      expect(JSON.parse(byHand.stdout)).toMatchObject({ Version: 1, AccountId: '111122223333' });
      expect(readFileSync(join(folder, 'config'), 'utf8')).toContain('[profile mi-servidor]');
    } finally {
      serve.kill();
      await once(serve, 'exit');
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

function folderOf(output: string): string {
  const folder = / in (\S*rolesanywhere-demo-\S+)$/m.exec(output)?.[1];
  if (folder === undefined) throw new Error(`no folder in: ${output}`);
  return folder;
}
