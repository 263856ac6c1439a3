import { expect, test } from '@jest/globals';
import { buildChildProgram } from './support/child-program.js';

test('where there is neither a process nor a file, nothing is configured, and nothing else goes wrong', async () => {
  const program = await buildChildProgram(`
    import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
    const { log } = console;
    const { process } = globalThis;
    Object.defineProperty(globalThis, 'process', { value: undefined, configurable: true });
    fromRolesAnywhere()().catch((error) => {
      Object.defineProperty(globalThis, 'process', { value: process });
      log(error.code, error.tryNextLink, error.message.includes('there are no files here'));
    });
  `);
  try {
    expect(await program.run({ AWS_PROFILE: 'x' })).toEqual({
      exitCode: 0,
      stdout: 'NOT_CONFIGURED true true\n',
      stderr: '',
    });
  } finally {
    program.remove();
  }
});
