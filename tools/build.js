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
import { build as bundle, transform } from 'esbuild';
import { root, workspacePackages } from './workspace.js';

const run = promisify(execFile);
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const COMMON = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' };

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

/**
 * A folder for each side of the doors, cut into files where something is loaded lazily. A lazy `import()` becomes a lazy
 * `require`: a dynamic import inside a CommonJS file fails in Jest's default mode. Packages that are ES modules only
 * cannot be required there at all, so those which are loaded with the package go into its files.
 */
async function buildCommonJs(pkg) {
  const inside = pkg.doors.length === 0 ? pkg.esmOnlyDependencies : [];
  const { dependencies, peerDependencies } = pkg.manifest;
  const needed = Object.keys({ ...dependencies, ...peerDependencies });
  const external = needed.filter((name) => !inside.includes(name));
  for (const side of pkg.doors.length === 0 ? ['node'] : ['node', 'web']) {
    const { outputFiles } = await bundle({
      ...COMMON,
      entryPoints: [{ in: sourceOf(pkg, 'index'), out: side === 'node' ? 'index' : 'index.web' }],
      outdir: join(pkg.path, 'dist', 'cjs'),
      format: 'esm',
      splitting: true,
      chunkNames: `${side}/[name]-[hash]`,
      external,
      plugins: [openDoors(pkg, side)],
      write: false,
    });
    for (const { path, text } of outputFiles) await writeAsCommonJs(path, text);
  }
}

/** esbuild cuts ES modules only, so the files are cut as such and turned into CommonJS one by one. */
async function writeAsCommonJs(path, text) {
  const source = text.replaceAll(/(["'])(\.{1,2}\/[^"'\n]+)\.js\1/g, '$1$2.cjs$1');
  const supported = { 'dynamic-import': false };
  const { code } = await transform(source, { format: 'cjs', platform: 'node', target: 'node20', supported });
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path.replace(/\.js$/, '.cjs'), code);
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

/** Resolves `#platform` and `#transport` to one of their sides. */
function openDoors(pkg, side) {
  return {
    name: 'doors',
    setup: (bundler) =>
      bundler.onResolve({ filter: /^#/ }, ({ path }) => ({
        path: sourceOf(pkg, `${path.slice(1)}/${side}`),
      })),
  };
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
  const shared = ['tsconfig.base.json', 'pnpm-lock.yaml', 'tools/build.js'].map((name) => join(root, name));
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

function sourceOf(pkg, name) {
  return join(pkg.path, 'src', `${name}.ts`);
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesBelow(join(path, name)));
}
