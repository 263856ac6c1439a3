/** A command line cut into words. */
export interface SplitCommand {
  readonly words: readonly string[];
  /** What only a shell could make sense of, or that a quote is not closed; undefined when the words are all there is. */
  readonly problem?: string;
}

/** Cuts a command line into words by one platform's rules. */
export type CommandSplitter = (line: string) => SplitCommand;

/**
 * Splits as a POSIX shell does, quotes and back-slashes included, and expands nothing.
 * @see IEEE Std 1003.1 "Shell Command Language" §2.2 Quoting
 */
export const splitPosixCommand: CommandSplitter = (line) => {
  const words: string[] = [];
  let word: string | undefined;
  let problem: string | undefined;
  // One piece of a word, or the space between two; what no piece matches is a quote that is not closed.
  const piece = /\s+|\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\s\\'"]+)/gy;
  let end = 0;
  for (let match = piece.exec(line); match !== null; match = piece.exec(line)) {
    end = piece.lastIndex;
    const [, escaped, single, double, plain] = match;
    const text = escaped ?? single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? plain;
    problem ??=
      shellProblem(plain, /[|&;<>()`$]/) ?? shellProblem(double?.replaceAll(/\\[\s\S]/g, ''), /[`$]/);
    if (text !== undefined) {
      word = (word ?? '') + text;
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return withProblem(words, end < line.length ? endProblem(line.slice(end)) : problem);
};

/**
 * Splits as programs on Windows see their arguments: only `"` quotes, and a back-slash is a back-slash unless it stands
 * before a `"`.
 * @see Microsoft C++ documentation, "Parsing C command-line arguments"
 */
export const splitWindowsCommand: CommandSplitter = (line) => {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (const [text] of line.matchAll(/\\*"|\s|[^\s"\\]+|\\+/g)) {
    if (text.endsWith('"')) {
      const slashes = text.length - 1;
      word = (word ?? '') + '\\'.repeat(Math.floor(slashes / 2)) + (slashes % 2 === 1 ? '"' : '');
      if (slashes % 2 === 0) quoted = !quoted;
    } else if (/\s/.test(text) && !quoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + text;
    }
  }
  if (word !== undefined) words.push(word);
  return withProblem(words, quoted ? 'has a quote that is not closed' : undefined);
};

function shellProblem(text: string | undefined, meaning: RegExp): string | undefined {
  const character = text?.match(meaning)?.[0];
  if (character === undefined) return undefined;
  return `holds the shell's '${character}', and no shell is run; write out what it stands for, or quote it with '…'`;
}

function endProblem(rest: string): string {
  return rest === '\\'
    ? 'ends with a back-slash; write the whole command on one line'
    : 'has a quote that is not closed';
}

function withProblem(words: readonly string[], problem: string | undefined): SplitCommand {
  return problem === undefined ? { words } : { words, problem };
}
