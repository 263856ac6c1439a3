/** Compiles `ts` blocks and runs `js` blocks, in a folder from which the packages and the AWS SDK can be imported. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.js';

/** Each run has a folder of its own in here, since the test of this check may run beside the check. */
const place = join(root, 'examples', 'demo', '.docs');

/**
 * @param {{ file: string, blocks: object[] }[]} documents
 * @returns {string[]} what the compiler and the programs complain about
 */
export function runCode(documents) {
  mkdirSync(place, { recursive: true });
  const folder = mkdtempSync(join(place, 'run-'));
  try {
    const files = documents.flatMap(({ file, blocks }) =>
      blocks.map((block) => ({ ...block, name: nameOf(file, block) })),
    );
    return [...compile(folder, files), ...run(folder, files)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function nameOf(file, { line }) {
  return `${file.replaceAll(/[^A-Za-z0-9]+/g, '-')}-line-${line}`;
}

function compile(folder, files) {
  // A block that is a file of the project is compiled where that stands.
  const blocks = files.filter(({ language, file }) => language === 'ts' && file === undefined);
  for (const { name, given, code } of blocks) {
    // Each block is a module of its own, also one that imports nothing.
    writeFileSync(join(folder, `${name}.ts`), `${given}${code}\nexport {};\n`);
  }
  const configuration = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { noEmit: true, noUnusedLocals: false, paths: pathsOfTheWorkspace() },
    include: ['*.ts', join(root, 'packages/*/src/**/*.d.ts')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
  return complaintsOf(folder, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
}

/** A block with `require` is CommonJS. Both find the builds of the packages. */
function run(folder, files) {
  return files
    .filter(({ language }) => language === 'js')
    .flatMap(({ name, given, code }) => {
      const path = join(folder, `${name}.${/\brequire\(/.test(code) ? 'cjs' : 'mjs'}`);
      writeFileSync(path, `${given}${code}`);
      return complaintsOf(folder, [path]);
    });
}

function complaintsOf(folder, args) {
  try {
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe', timeout: 60_000 });
    return [];
  } catch (error) {
    return [`${error.stdout ?? ''}${error.stderr ?? ''}` || String(error)];
  }
}

function pathsOfTheWorkspace() {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries(compilerOptions.paths).map(([name, [path]]) => [name, [join(root, path)]]),
  );
}
