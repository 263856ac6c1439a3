import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { libraryFiles } from '../../src/module/library-files.js';

const folder = mkdtempSync(join(tmpdir(), 'libraries-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('one library has one path, whatever links lead to it, and each that is not there has its reason', async () => {
  const [real, link, none] = ['real.so', 'link.so', 'none.so'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(real, '');
  symlinkSync(real, link);
  expect(await libraryFiles([link, real, none, folder, 'bare.so'])).toEqual({
    paths: [real, 'bare.so'],
    problems: [`${none} does not exist`, `${folder} is not a file`],
  });
});
