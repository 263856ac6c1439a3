/**
 * `node tools/check-docs.js`: what the documents say is true.
 * Links lead somewhere, files that are named are there; every block is compiled, run or parsed by its language; a block that names a file is that file;
 * every error code has a heading; every option and every flag stands in the README of its package.
 * Blocks that cannot be tried say why, and are counted. `sh` blocks are run by `npm run test:real`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, documents } from './check-docs/documents.js';
import { errorCodesWithoutHeading } from './check-docs/error-codes.js';
import { faultOf } from './check-docs/languages.js';
import { deadLinks, namesOfNothing } from './check-docs/links.js';
import { flagFindings, undocumentedOptions } from './check-docs/options.js';
import { runCode } from './check-docs/run-code.js';
import { publishedPackages, root } from './workspace.js';

const read = (path) => readFileSync(join(root, path), 'utf8');
const pages = documents().map((file) => {
  const text = read(file);
  return { file, text, blocks: blocksOf(text) };
});
const scripts = Object.keys(JSON.parse(read('package.json')).scripts);

const findings = [
  ...pages.flatMap(({ file, text }) => [...deadLinks(file, text), ...namesOfNothing(file, text)]),
  ...pages.flatMap(fencesLeftOut),
  ...pages.flatMap(staleFiles),
  ...(await Promise.all(pages.map(faultyBlocks))).flat(),
  ...runCode(pages),
  ...publishedPackages().flatMap(undocumented),
  ...errorCodesWithoutHeading({
    sources: ['packages/signer/src/errors.ts', 'packages/credential-provider/src/errors.ts'].map(read),
    page: read('docs/errors.md'),
  }).map((finding) => `docs/errors.md: ${finding}`),
];
printReport();

/** Prints the blocks that nothing tries, and then what is wrong. */
function printReport() {
  const notRun = pages.flatMap(({ file, blocks }) =>
    blocks
      .filter((block) => block.notRun !== undefined)
      .map((block) => `${file}:${block.line}: ${block.notRun}`),
  );
  const count = pages.reduce((sum, { blocks }) => sum + blocks.length, 0);
  console.log([`${count} blocks, ${notRun.length} of them not run:`, ...notRun].join('\n'));
  if (findings.length === 0) return;
  console.error(findings.join('\n'));
  process.exitCode = 1;
}

async function faultyBlocks({ file, blocks }) {
  const faults = await Promise.all(blocks.map((block) => faultOf(block, scripts)));
  return faults.flatMap((fault, index) =>
    fault === undefined ? [] : [`${file}:${blocks[index].line}: ${fault}`],
  );
}

/** A fence that is indented, or never closed, would be looked at by nobody. */
function fencesLeftOut({ file, text, blocks }) {
  const fences = [...text.matchAll(/^[ \t>]*(?:```|~~~)/gm)].length;
  return fences === 2 * blocks.length ? [] : [`${file}: a fence is indented, of another kind, or not closed`];
}

function staleFiles({ file, blocks }) {
  return blocks
    .filter((block) => block.file !== undefined)
    .filter((block) => !existsSync(join(root, block.file)) || read(block.file) !== block.code)
    .map((block) => `${file}:${block.line}: the block is not ${block.file} any more`);
}

function undocumented({ folder }) {
  const readme = read(`${folder}/README.md`);
  const report = `${folder}/api.md`;
  const flags = `${folder}/src/flags.ts`;
  return [
    ...(existsSync(join(root, report)) ? undocumentedOptions({ readme, report: read(report) }) : []),
    ...(existsSync(join(root, flags)) ? flagFindings({ readme, flags: read(flags) }) : []),
  ].map((finding) => `${folder}/README.md: ${finding}`);
}
