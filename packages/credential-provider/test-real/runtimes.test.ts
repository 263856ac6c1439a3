import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { installAsStranger, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import {
  CJS_SCRIPT,
  ESM_SCRIPT,
  SESSION_OUTPUT,
  SESSION_PACKAGES,
} from '../../../tools/test-support/session-script.js';

describe('the packed packages, installed as a stranger would', () => {
  let stranger: Awaited<ReturnType<typeof installAsStranger>>;
  beforeAll(async () => {
    stranger = await installAsStranger(SESSION_PACKAGES, {
      files: { 'session.mjs': ESM_SCRIPT, 'session.cjs': CJS_SCRIPT },
    });
  }, 300_000);
  afterAll(() => stranger.remove());

  const session = async (node: string, script: string) => {
    const { stdout, stderr } = await runCleanly([node, script], { cwd: stranger.folder });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe(SESSION_OUTPUT);
  };

  testWith('REAL_TARBALLS')('get a session in this Node, as ES modules', () =>
    session(process.execPath, 'session.mjs'),
  );
  testWith('REAL_TARBALLS')('get a session in this Node, as CommonJS', () =>
    session(process.execPath, 'session.cjs'),
  );
  for (const version of ['20.19.0', '22', '24', '26']) {
    const name = `n${version.slice(0, 2)}`;
    const node = join(realPart('REAL_NODES') ?? '', 'node_modules', name, 'bin', 'node');
    testWith('REAL_NODES')(`get a session in Node ${version}, as ES modules`, () =>
      session(node, 'session.mjs'),
    );
    testWith('REAL_NODES')(`get a session in Node ${version}, as CommonJS`, () =>
      session(node, 'session.cjs'),
    );
  }
});
