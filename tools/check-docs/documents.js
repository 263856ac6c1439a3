/** The documents of the project, and the fenced blocks in them with what the text around says about each. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.js';

/** Every Markdown file of the project but the generated API reports, as paths from the root. */
export function documents() {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && !file.endsWith('/api.md') && existsSync(join(root, file)));
}

/**
 * The fenced blocks of a document, in order. Directly before a block may stand, as comments:
 * `<!-- given … -->`: code that compiles with it; `<!-- file: PATH -->`: it is that file, word for word;
 * `<!-- not run: reason -->`: it cannot be tried. `Save this as` and a name make it a file of the reader.
 */
export function blocksOf(text) {
  const blocks = [];
  let end = 0;
  let heading = '';
  for (const match of text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)) {
    const [whole, language, code] = match;
    const before = text.slice(end, match.index);
    const comments = /(?:<!--[\s\S]*?-->\s*)*$/.exec(before)?.[0] ?? '';
    const previous = blocks.at(-1);
    heading = [...before.matchAll(/^#{1,6} (.+)$/gm)].at(-1)?.[1] ?? heading;
    blocks.push({
      language,
      code,
      heading,
      line: text.slice(0, match.index).split('\n').length,
      given: /<!-- given\n([\s\S]*?)-->/.exec(comments)?.[1] ?? '',
      file: /<!-- file: (\S+) -->/.exec(comments)?.[1],
      notRun: /<!-- not run: (\S[\s\S]*?) -->/.exec(comments)?.[1],
      saveAs: [...before.matchAll(/\b[Ss]ave (?:this|it) as `([^`]+)`/g)].at(-1)?.[1],
      // What a command prints stands below it, with nothing between.
      isOutput: ['text', 'console'].includes(language) && previous?.language === 'sh' && before.trim() === '',
    });
    end = match.index + whole.length;
  }
  return blocks;
}

/** The document that a reader has followed before this one: `<!-- continues: PATH -->`. Undefined: none. */
export function continuedDocument(text) {
  return /<!-- continues: (\S+) -->/.exec(text)?.[1];
}

/** The text without code: where headings and links are. */
export function withoutCode(text) {
  return text.replaceAll(/^```[\s\S]*?^```$|`[^`\n]*`/gm, '');
}
