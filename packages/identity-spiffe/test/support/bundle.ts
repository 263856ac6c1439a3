import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** One file that `node` can run, of a script that imports the sources of the workspace. */
export async function bundle(script: string, outfile: string): Promise<void> {
  await build({
    stdin: { contents: script, resolveDir: `${ROOT}packages/identity-spiffe` },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    // Its paths lead to the sources of the sibling packages.
    tsconfig: `${ROOT}tsconfig.json`,
    external: ['@noble/post-quantum'],
    logLevel: 'error',
  });
}
