import { join } from 'node:path';
import { expect } from '@jest/globals';
import { installAsStranger, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { JEST_TEST, SESSION_PACKAGES } from '../../../tools/test-support/session-script.js';

testWith('REAL_JEST')(
  "loads in a user's Jest with its defaults (CommonJS)",
  async () => {
    const stranger = await installAsStranger(SESSION_PACKAGES, { files: { 'session.test.js': JEST_TEST } });
    try {
      const jest = join(realPart('REAL_JEST') ?? '', 'node_modules', 'jest', 'bin', 'jest.js');
      const run = await runCleanly([process.execPath, jest, '--rootDir', stranger.folder], {
        cwd: stranger.folder,
      });
      expect(run.stderr).toContain('Tests:       1 passed, 1 total');
      expect(run.exitCode).toBe(0);
    } finally {
      stranger.remove();
    }
  },
  300_000,
);
