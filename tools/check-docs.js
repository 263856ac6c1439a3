/**
 * `node tools/check-docs.js`: what the documents say is true.
 * Links between files of the project lead somewhere; every `ts` block compiles, with what stands in a comment
 * `<!-- given … -->` before it; a block under `<!-- file: PATH -->` is that file; every error code has a heading.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './workspace.js';

const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !file.endsWith('/api.md') && existsSync(join(root, file)));

const findings = documents.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return [...deadLinks(file, text), ...staleFiles(file, text)];
});
findings.push(...errorCodesWithoutHeading(), ...compileBlocks());
if (findings.length > 0) {
  console.error(findings.join('\n'));
  process.exit(1);
}

function deadLinks(file, text) {
  const withoutCode = text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path, anchor] = target.split('#');
      const linked = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(root, linked))) return true;
      return anchor !== undefined && !anchorsOf(linked).includes(anchor);
    })
    .map((target) => `${file}: the link ${target} leads nowhere`);
}

/** The anchors that headings get, by the rule of the usual Markdown viewers. */
function anchorsOf(file) {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

function staleFiles(file, text) {
  return [...text.matchAll(/<!-- file: (\S+) -->\s*```\w*\n([\s\S]*?)```/g)]
    .filter(
      ([, path, block]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== block,
    )
    .map(([, path]) => `${file}: the block is not ${path} any more`);
}

/** docs/errors.md has a heading for every error code, and none for a code that is not there. */
function errorCodesWithoutHeading() {
  const sources = ['packages/signer/src/errors.ts', 'packages/credential-provider/src/errors.ts'];
  const codes = sources.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/'([A-Z][A-Z_]{3,})'/g)].map(([, code]) => code),
  );
  const headings = [...readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^## ([A-Z_]+)$/gm)].map(
    ([, heading]) => heading,
  );
  return [
    ...codes
      .filter((code) => !headings.includes(code))
      .map((code) => `docs/errors.md: no heading for ${code}`),
    ...headings
      .filter((heading) => !codes.includes(heading))
      .map((heading) => `docs/errors.md: ${heading} is no code`),
  ];
}

/** Compiles every block in a folder from which the packages and the AWS SDK can be imported. */
function compileBlocks() {
  const folder = join(root, 'examples', 'demo', '.docs');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    documents.forEach((file) => writeBlocks(folder, file));
    const compilerOptions = { noEmit: true, noUnusedLocals: false, paths: pathsFromThere() };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../../tsconfig.base.json',
        compilerOptions,
        include: ['*.ts', '../../../packages/*/src/**/*.d.ts'],
      }),
    );
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
    return [];
  } catch (error) {
    return [String(error.stdout ?? error)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeBlocks(folder, file) {
  const text = readFileSync(join(root, file), 'utf8');
  [...text.matchAll(/(?:<!-- given\n([\s\S]*?)-->\s*)?```ts\n([\s\S]*?)```/g)].forEach(
    ([, given = '', block], index) => {
      const name = `${file.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${index + 1}.ts`;
      // Each block is a module of its own, also one that imports nothing.
      writeFileSync(join(folder, name), `${given}${block}\nexport {};\n`);
    },
  );
}

function pathsFromThere() {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries(compilerOptions.paths).map(([name, [path]]) => [name, [`../../../${path.slice(2)}`]]),
  );
}
