/** The CommonJS side of a build. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle, transform } from 'esbuild';

/** What every build of ours says to esbuild. */
export const COMMON = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' };

/** A source file of a package, by its name without an ending. */
export function sourceOf(pkg, name) {
  return join(pkg.path, 'src', `${name}.ts`);
}

/**
 * A folder for each side of the doors, cut into files where something is loaded lazily. A lazy `import()` becomes a lazy
 * `require`: a dynamic import inside a CommonJS file fails in Jest's default mode. Packages that are ES modules only
 * cannot be required there at all, so those which are loaded with the package go into its files.
 */
export async function buildCommonJs(pkg) {
  const inside = pkg.doors.length === 0 ? pkg.esmOnlyDependencies : [];
  const { dependencies, optionalDependencies, peerDependencies } = pkg.manifest;
  const needed = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
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
      plugins: [openDoors(pkg, side), tieToEntry(sourceOf(pkg, 'index'))],
      write: false,
      // The import of `tieToEntry` is there for its arrow alone.
      logOverride: { 'ignored-bare-import': 'silent' },
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

/** Resolves `#platform`, `#transport` and `#cache` to one of their sides. */
function openDoors(pkg, side) {
  return {
    name: 'doors',
    setup: (bundler) =>
      bundler.onResolve({ filter: /^#/ }, ({ path }) => ({
        path: sourceOf(pkg, `${path.slice(1)}/${side}`),
      })),
  };
}

/**
 * Lets every file that is loaded lazily import the entry. What the entry stands on is then needed by all of them alike, and
 * goes into one file with it, where esbuild would cut one for each combination: a file takes a quarter of a millisecond.
 */
function tieToEntry(entry) {
  const lazy = new Set();
  return {
    name: 'tie-to-entry',
    setup: (bundler) => {
      bundler.onResolve({ filter: /^\.{1,2}\// }, async ({ path, kind, pluginData, ...from }) => {
        if (kind !== 'dynamic-import' || pluginData === 'resolved') return undefined;
        const options = { ...from, kind, pluginData: 'resolved' };
        const resolved = await bundler.resolve(path, options);
        lazy.add(resolved.path);
        return resolved;
      });
      bundler.onResolve({ filter: /^the-entry$/ }, () => ({ path: entry }));
      bundler.onLoad({ filter: /\.ts$/ }, ({ path }) =>
        lazy.has(path)
          ? { contents: `${readFileSync(path, 'utf8')}\nimport 'the-entry';\n`, loader: 'ts' }
          : undefined,
      );
    },
  };
}
