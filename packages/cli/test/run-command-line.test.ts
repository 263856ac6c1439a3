import { describe, expect, test } from '@jest/globals';
import { commands } from '../src/commands.js';
import { credentialFlags } from '../src/flags.js';
import { runCommandLine } from '../src/run-command-line.js';
import { recordedIo } from './recorded-io.js';

const run = async (...args: string[]) => {
  const io = recordedIo();
  const exitCode = await runCommandLine(args, io);
  return { exitCode, ...io.written };
};

describe('help', () => {
  test.each([[[]], [['help']], [['--help']], [['-h']]])('%j shows the commands', async (args) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const { name } of commands) expect(stdout).toContain(`  ${name} `);
  });

  test.each([
    [['help', 'credential-process']],
    [['credential-process', '--help']],
    [['credential-process', '-h']],
    [['--help', 'credential-process']],
  ])('%j shows every flag', async (args) => {
    const { exitCode, stdout } = await run(...args);
    expect(exitCode).toBe(0);
    for (const { name } of credentialFlags) expect(stdout).toContain(`  --${name} `);
  });

  test('help about nothing that exists is an error', async () => {
    expect(await run('help', 'versio')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: "rolesanywhere: there is no command 'versio'; did you mean version? (rolesanywhere help)\n",
    });
  });
});

describe('version', () => {
  test.each(['version', '--version'])('%s prints the version alone', async (argument) => {
    expect(await run(argument)).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  });

  test('version --help does not print the version', async () => {
    expect((await run('version', '--help')).stdout).toBe('Print the version.\n');
  });
});

describe('an unknown command', () => {
  test('is one line on stderr that names the commands, exit code 1, nothing on stdout', async () => {
    expect(await run('nonsense')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'rolesanywhere: there is no such command; the commands are credential-process, version, help (rolesanywhere help)\n',
    });
  });

  test('that is nearly a command is answered with that command', async () => {
    expect((await run('credentials-process')).stderr).toContain('did you mean credential-process?');
  });
});

test('credential-process without flags names all that are required, in one line', async () => {
  const { exitCode, stdout, stderr } = await run('credential-process');
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    'rolesanywhere: missing: --trust-anchor-arn, --profile-arn, --role-arn, --certificate (rolesanywhere help credential-process)\n',
  );
});
