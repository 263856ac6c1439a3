import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { array, constantFrom, sample } from 'fast-check';
import { splitPosixCommand, splitWindowsCommand } from '../../src/config/split-command.js';

describe('splitPosixCommand', () => {
  test.each([
    ['a b  c', ['a', 'b', 'c']],
    [`"a b" 'c d'`, ['a b', 'c d']],
    [String.raw`a\ b "c\"d" 'e\f'`, ['a b', 'c"d', String.raw`e\f`]],
    [String.raw`"keeps \n here"`, [String.raw`keeps \n here`]],
    [`--flag="a b"c'd'`, ['--flag=a bcd']],
    [`'' a ""`, ['', 'a', '']],
    ['\ta\t', ['a']],
    [`'$HOME | x' "costs \\$5"`, ['$HOME | x', 'costs $5']],
  ])('cuts %s', (line, words) => {
    expect(splitPosixCommand(line)).toEqual({ words });
  });

  test.each([
    ['a "b', 'has a quote that is not closed'],
    ["a 'b", 'has a quote that is not closed'],
    ['a \\', 'ends with a back-slash; write the whole command on one line'],
    ['a $HOME/b', "holds the shell's '$'"],
    ['a "$HOME/b"', "holds the shell's '$'"],
    [String.raw`a "\\$HOME"`, "holds the shell's '$'"],
    ['a | b', "holds the shell's '|'"],
    ['a `b`', "holds the shell's '`'"],
  ])('says what is wrong with %s', (line, problem) => {
    expect(splitPosixCommand(line).problem).toContain(problem);
  });

  test('cuts as the shell does', () => {
    const piece = constantFrom('a', 'ñ', '-', '=', ' ', '"x y"', "'x y'", '\\ ', '\\"', `"\\""`, `'"'`, '""');
    const lines = sample(array(piece, { maxLength: 12 }), { numRuns: 100, seed: 1 });
    const script = lines.map((pieces) => `show ${pieces.join('')}`).join('\n');
    const show = `show() { for w do printf '%s\\1' "$w"; done; printf '\\2'; }\n`;
    const output = execFileSync('/bin/sh', ['-c', show + script], { encoding: 'utf8' });
    const expected = output
      .split('\u0002')
      .slice(0, -1)
      .map((words) => words.split('\u0001').slice(0, -1));
    expect(lines.map((pieces) => splitPosixCommand(pieces.join('')).words)).toEqual(expected);
  });
});

describe('splitWindowsCommand', () => {
  test.each([
    [String.raw`C:\bin\a.exe b`, [String.raw`C:\bin\a.exe`, 'b']],
    [String.raw`"C:\Program Files\a.exe" b`, [String.raw`C:\Program Files\a.exe`, 'b']],
    [String.raw`a "b \" c" d\\e`, ['a', 'b " c', String.raw`d\\e`]],
    [String.raw`"a\\" 'b c'`, ['a\\', "'b", "c'"]],
    ['a "" b', ['a', '', 'b']],
  ])('cuts %s', (line, words) => {
    expect(splitWindowsCommand(line)).toEqual({ words });
  });

  test('says that a quote is not closed', () => {
    expect(splitWindowsCommand('a "b').problem).toContain('not closed');
  });
});
