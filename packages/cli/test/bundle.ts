import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The command line as it is published, in a folder; made from the sources of the whole workspace. */
export async function bundleInto(
  folder: string,
): Promise<{ readonly program: string; readonly metafile: Metafile }> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'packages', 'cli', 'src', 'main.ts')],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    // Its paths lead to the sources of the sibling packages.
    tsconfig: join(root, 'tsconfig.json'),
    define: { __VERSION__: '"1.2.3"' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return { program: join(folder, 'main.js'), metafile };
}

/** The sources that a chunk brings into the process as soon as it is loaded, lazy parts left out. */
export function sourcesLoadedBy(entry: RegExp, { outputs }: Metafile): ReadonlySet<string> {
  const loaded = new Set<string>();
  const chunks = Object.keys(outputs).filter((name) => entry.test(name));
  for (const name of chunks) {
    const output = outputs[name];
    for (const source of Object.keys(output?.inputs ?? {})) loaded.add(source);
    const needed = (output?.imports ?? [])
      .filter(({ kind }) => kind === 'import-statement')
      .map(({ path }) => path);
    chunks.push(...needed.filter((path) => path in outputs && !chunks.includes(path)));
  }
  return loaded;
}
