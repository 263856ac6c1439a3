import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runDocument, type DocumentRun } from '../run-document.js';

const FENCE = '```';
const block = (language: string, code: string): string => `${FENCE}${language}\n${code}\n${FENCE}\n\n`;

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'run-document-'));
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function run(...blocks: readonly string[]): Promise<DocumentRun> {
  return runDocument({ text: blocks.join(''), cwd, env: {} });
}

test('the blocks run one after the other in one shell, with the files that the reader saves', async () => {
  const saved = `Save this as \`greeting.txt\`:\n\n${block('ini', '[a]\nb = $HOME')}`;
  const blocks = [
    block('sh', 'name=b'),
    saved,
    block('sh', 'grep "$name" greeting.txt'),
    block('text', 'b = $HOME'),
  ];
  expect(await run(...blocks)).toEqual({ complaints: [], blocksRun: 2 });
});

test('an output that is another is found, and named by its line', async () => {
  const { complaints } = await run(block('sh', 'echo one'), block('text', 'two'), block('sh', 'true'));
  expect(complaints).toEqual([
    expect.stringMatching(/^line 5: the command above printed\none\ninstead of\ntwo$/),
  ]);
});

test('three dots stand for the rest of a line, and of no more', async () => {
  expect((await run(block('sh', 'echo one two'), block('text', 'one …'))).complaints).toEqual([]);
  expect((await run(block('sh', 'echo one; echo two'), block('text', '…'))).complaints).toHaveLength(1);
});

test('a command that fails is found, and those after it do not run', async () => {
  const { complaints, blocksRun } = await run(
    block('sh', 'true'),
    block('sh', 'ls no-such-file'),
    block('sh', 'true'),
  );
  expect(complaints).toEqual([expect.stringMatching(/^line 5 ended with 2: .*no-such-file/)]);
  expect(blocksRun).toBe(1);
});

test('a variable that nothing set is found', async () => {
  expect((await run(block('sh', 'echo "$NOBODY_SETS_THIS"'))).complaints).toHaveLength(1);
});

test('what is marked as not run is left out', async () => {
  expect(await run(`<!-- not run: for this test -->\n\n${block('sh', 'false')}`)).toEqual({
    complaints: [],
    blocksRun: 0,
  });
});
