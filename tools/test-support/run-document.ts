/** For `test-real`: runs the commands of a document one after the other, as a reader would who pastes them into one shell. */
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, type Block } from '../check-docs/documents.js';
import { runCleanly } from './real-parts.js';

export interface DocumentRun {
  /** What stands in the documents that was not printed, and why a run broke off; empty when all is as written. */
  readonly complaints: readonly string[];
  /** How many blocks of `sh` ran to their end. */
  readonly blocksRun: number;
}

export interface DocumentRunInit {
  /** The text of the document. */
  readonly text: string;
  /** Where the reader stands. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Which blocks the reader takes. Default: all. */
  readonly takes?: (block: Block) => boolean;
}

/** Runs every `sh` block that is not marked as not run, by `bash -eu`, and compares the outputs that are written below. */
export async function runDocument({
  text,
  cwd,
  env,
  takes = () => true,
}: DocumentRunInit): Promise<DocumentRun> {
  const blocks = blocksOf(text).filter((block) => block.notRun === undefined && takes(block));
  const script = join(env['TMPDIR'] ?? cwd, `document-${process.pid}.sh`);
  writeFileSync(script, [END_WITH_ALL, ...blocks.map(toShell)].join('\n'));
  const { exitCode, stdout, stderr } = await runCleanly(['bash', '-eu', script], { cwd, env });
  const outputs = new Map(
    stdout
      .split(MARK)
      .slice(0, -1)
      .map((part) => /^([\s\S]*?)\n?@(\d+)$/.exec(part))
      .flatMap((match) => (match === null ? [] : [[Number(match[2]), match[1] ?? ''] as const])),
  );
  const run = blocks.flatMap((block, index) => (outputs.has(index) && isCommand(block) ? [index] : []));
  const differences = run.flatMap((index) => differenceOf(blocks, index, outputs.get(index) ?? ''));
  const failed = blocks.findIndex((block, index) => isCommand(block) && !outputs.has(index));
  const complaint = `line ${blocks[failed]?.line ?? 0} ended with ${exitCode}: ${stderr.trim().slice(-2000)}\n${stdout.slice(-500)}`;
  return { complaints: failed === -1 ? differences : [...differences, complaint], blocksRun: run.length };
}

const MARK = '\u001e\n';

/** A background job of the reader must not outlive a run that broke off. */
const END_WITH_ALL = `trap 'for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done' EXIT`;

/** A command, and a mark after it with its number; or the file that the reader saves. */
function toShell(block: Block, index: number): string {
  if (block.saveAs !== undefined)
    return `cat > '${block.saveAs}' <<'SAVED_BY_THE_READER'\n${block.code}SAVED_BY_THE_READER`;
  if (!isCommand(block)) return '';
  return `${block.code}printf '\\n@${index}\\036\\n'`;
}

function isCommand(block: Block): boolean {
  return block.language === 'sh' && block.saveAs === undefined;
}

/** `…` stands for whatever is there, within a line. */
function differenceOf(blocks: readonly Block[], index: number, printed: string): readonly string[] {
  const expected = blocks[index + 1];
  if (expected === undefined || !expected.isOutput) return [];
  const lines = (text: string): string => text.replaceAll(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '');
  const pattern = lines(expected.code)
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('…', '[^\\n]*');
  if (new RegExp(`^${pattern}$`).test(lines(printed))) return [];
  return [
    `line ${expected.line}: the command above printed\n${lines(printed)}\ninstead of\n${lines(expected.code)}`,
  ];
}

/** The text of a document of this repository. */
export function readDocument(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
}
