/**
 * `node tools/build.js [package …]`: builds `dist` of every workspace package, dependencies first.
 * Libraries get an ES module and a CommonJS build, each with declarations; the command line is bundled by esbuild;
 * examples are compiled. A package whose sources and dependencies have not changed since its last build is left alone.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build as bundle } from 'esbuild';
import { root, workspacePackages } from './workspace.js';
import { toCommonJsSource } from './to-common-js-source.js';

const run = promisify(execFile);
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const wanted = process.argv.slice(2);
const stamps = new Map();
for (const pkg of workspacePackages()) {
  const stamp = stampOf(pkg);
  stamps.set(pkg.name, stamp);
  if (wanted.length > 0 && !wanted.includes(pkg.name) && !wanted.includes(pkg.folder)) continue;
  if (!existsSync(join(pkg.path, 'tsconfig.json')) || readStamp(pkg) === stamp) continue;
  const started = Date.now();
  await build(pkg);
  writeFileSync(stampFile(pkg), stamp);
  console.error(`built ${pkg.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

async function build(pkg) {
  rmSync(join(pkg.path, 'dist'), { recursive: true, force: true });
  mkdirSync(join(pkg.path, 'dist'));
  if (pkg.manifest.bin !== undefined) return buildCommand(pkg);
  if (pkg.manifest.exports === undefined) return compile(pkg, 'tsconfig.json');
  await Promise.all([compile(pkg, 'tsconfig.json'), buildCommonJs(pkg)]);
  // An ESM-only dependency cannot be required by Jest's CommonJS mode below Node 24.9, so it goes into the file.
  if (pkg.esmOnlyDependencies.length > 0 && pkg.manifest.imports === undefined) await bundleCommonJs(pkg);
}

async function compile(pkg, project) {
  try {
    await run(process.execPath, [tsc, '-p', join(pkg.path, project)], { cwd: pkg.path });
  } catch (error) {
    console.error(`${pkg.name}: tsc -p ${project}\n${error.stdout ?? error}`);
    process.exit(1);
  }
}

/** Compiles a copy of `src` in which every file is `.cts`: a nested package.json would hide `imports`. */
async function buildCommonJs(pkg) {
  const copy = join(pkg.path, '.cjs');
  rmSync(copy, { recursive: true, force: true });
  for (const file of filesBelow(join(pkg.path, 'src'))) {
    const target = join(copy, file.slice(join(pkg.path, 'src').length)).replace(/\.ts$/, '.cts');
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, toCommonJsSource(readFileSync(file, 'utf8')));
  }
  const project = join(copy, 'tsconfig.json');
  writeFileSync(
    project,
    JSON.stringify({
      extends: '../tsconfig.json',
      // verbatimModuleSyntax forbids import and export in a .cts file.
      compilerOptions: { rootDir: '.', outDir: '../dist/cjs', sourceMap: false, verbatimModuleSyntax: false },
      include: ['**/*.cts'],
    }),
  );
  await compile(pkg, '.cjs/tsconfig.json');
  rmSync(copy, { recursive: true, force: true });
}

async function bundleCommonJs(pkg) {
  const esm = join(pkg.path, 'dist', 'esm', 'index.js');
  const cjs = join(pkg.path, 'dist', 'cjs');
  for (const file of filesBelow(cjs)) if (file.endsWith('.cjs')) rmSync(file);
  const external = Object.keys(pkg.manifest.dependencies).filter(
    (name) => !pkg.esmOnlyDependencies.includes(name),
  );
  await bundle({
    entryPoints: [esm],
    outfile: join(cjs, 'index.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external,
    logLevel: 'warning',
  });
}

async function buildCommand(pkg) {
  await bundle({
    entryPoints: [join(pkg.path, 'src', 'main.ts')],
    outdir: join(pkg.path, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    define: { __VERSION__: JSON.stringify(pkg.manifest.version) },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

/** A hash over everything that decides what `dist` will hold. */
function stampOf(pkg) {
  const hash = createHash('sha256');
  const inputs = ['package.json', 'tsconfig.json', 'src'].map((name) => join(pkg.path, name));
  const shared = ['tsconfig.base.json', 'pnpm-lock.yaml', 'tools/build.js', 'tools/to-common-js-source.js'];
  for (const input of [...inputs, ...shared.map((name) => join(root, name))]) {
    for (const file of filesBelow(input)) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  for (const name of pkg.workspaceDependencies) hash.update(stamps.get(name) ?? '');
  return hash.digest('hex');
}

function stampFile(pkg) {
  return join(pkg.path, 'dist', '.stamp');
}

function readStamp(pkg) {
  return existsSync(stampFile(pkg)) ? readFileSync(stampFile(pkg), 'utf8') : undefined;
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesBelow(join(path, name)));
}
