/**
 * `node tools/build.js [package …]`: builds `dist` of every workspace package, dependencies first.
 * Libraries: `tsc` writes the declarations, esbuild an ES module and a CommonJS bundle, so that an application loads few
 * files. The command line: one program by esbuild. Examples: `tsc`. A package whose sources and dependencies have not
 * changed since its last build is left alone. docs/decisions/0001-build.md says why.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build as bundle } from 'esbuild';
import { buildCommonJs, COMMON, sourceOf } from './build-commonjs.js';
import { root, workspacePackages } from './workspace.js';

const run = promisify(execFile);
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const wanted = process.argv.slice(2);
const stamps = new Map();
for (const pkg of workspacePackages()) {
  const stamp = stampOf(pkg);
  stamps.set(pkg.name, stamp);
  if (wanted.length > 0 && !wanted.includes(pkg.name) && !wanted.includes(pkg.folder)) continue;
  if (readStamp(pkg) === stamp) continue;
  const started = Date.now();
  rmSync(join(pkg.path, 'dist'), { recursive: true, force: true });
  mkdirSync(join(pkg.path, 'dist'));
  await build(pkg);
  writeFileSync(stampFile(pkg), stamp);
  console.error(`built ${pkg.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

async function build(pkg) {
  if (pkg.manifest.bin !== undefined) return buildCommand(pkg);
  if (pkg.manifest.exports === undefined) return compile(pkg, []);
  const [, { metafile }] = await Promise.all([
    buildDeclarations(pkg),
    buildEsModules(pkg),
    buildCommonJs(pkg),
  ]);
  if (pkg.doors.length > 0) writeNodeEntry(pkg, metafile);
}

async function compile(pkg, args) {
  try {
    await run(process.execPath, [tsc, '-p', join(pkg.path, 'tsconfig.json'), ...args], { cwd: pkg.path });
  } catch (error) {
    console.error(`${pkg.name}: tsc\n${error.stdout ?? error}`);
    process.exit(1);
  }
}

/** Each format has declarations of its own, or TypeScript would take one format for the other. */
async function buildDeclarations(pkg) {
  const esm = join(pkg.path, 'dist', 'esm');
  await compile(pkg, ['--emitDeclarationOnly']);
  for (const file of filesBelow(esm).filter((name) => name.endsWith('.d.ts'))) {
    const target = join(pkg.path, 'dist', 'cjs', file.slice(esm.length)).replace(/\.d\.ts$/, '.d.cts');
    const text = readFileSync(file, 'utf8').replaceAll(/(['"])(\.{1,2}\/[^'"]+)\.js\1/g, '$1$2.cjs$1');
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, text);
  }
}

/** The doors stay imports, and what is loaded lazily stays in files of its own. */
function buildEsModules(pkg) {
  const doors = pkg.doors.flatMap((door) => ['node', 'web'].map((side) => `${door}/${side}`));
  return bundle({
    ...COMMON,
    entryPoints: ['index', ...doors].map((name) => ({ in: sourceOf(pkg, name), out: name })),
    outdir: join(pkg.path, 'dist', 'esm'),
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    packages: 'external',
    external: ['#*'],
    metafile: true,
  });
}

/** What `import` finds in Node: the CommonJS build by name, so that one process has one copy of errors and caches. */
function writeNodeEntry(pkg, { outputs }) {
  const [, { exports: names }] = Object.entries(outputs).find(([path]) => path.endsWith('/esm/index.js'));
  const text = `import { createRequire } from 'node:module';
const load = createRequire(import.meta.url);
export const { ${names.join(', ')} } = load('../cjs/index.cjs');
`;
  writeFileSync(join(pkg.path, 'dist', 'esm', 'index.node.js'), text);
}

/** The command line is made of the sources of its packages: one program, cut where it loads lazily. */
function fromSources() {
  const packages = workspacePackages();
  const named = (name) => packages.find((other) => other.name === name);
  const withDoor = (door) => packages.find((other) => other.doors.includes(door));
  return {
    name: 'sources',
    setup: (bundler) => {
      bundler.onResolve({ filter: /^@rolesanywhere\// }, ({ path }) => ({
        path: sourceOf(named(path), 'index'),
      }));
      bundler.onResolve({ filter: /^#/ }, ({ path }) => ({
        path: sourceOf(withDoor(path.slice(1)), `${path.slice(1)}/node`),
      }));
    },
  };
}

function buildCommand(pkg) {
  return bundle({
    ...COMMON,
    entryPoints: [sourceOf(pkg, 'main')],
    outdir: join(pkg.path, 'dist'),
    format: 'esm',
    splitting: true,
    mainFields: ['module', 'main'],
    plugins: [fromSources()],
    define: { __VERSION__: JSON.stringify(pkg.manifest.version) },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}

/** A hash over everything that decides what `dist` will hold. */
function stampOf(pkg) {
  const hash = createHash('sha256');
  const inputs = ['package.json', 'tsconfig.json', 'src'].map((name) => join(pkg.path, name));
  const shared = ['tsconfig.base.json', 'pnpm-lock.yaml', 'tools/build.js', 'tools/build-commonjs.js'].map(
    (name) => join(root, name),
  );
  for (const file of [...inputs, ...shared].flatMap(filesBelow)) {
    hash.update(file.slice(root.length)).update(readFileSync(file));
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
