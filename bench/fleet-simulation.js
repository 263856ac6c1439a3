/**
 * Loads the fleet simulation of the tests, which runs the provider's own refresh and retry code on a virtual clock: from the
 * sources, since what it drives is not exported by the package.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const packages = fileURLToPath(new URL('../packages', import.meta.url));
const provider = join(packages, 'credential-provider');

/**
 * `simulateFleet` and `peakToMean`.
 * @param longestThrottledWaitSeconds - another value for this one constant of the retry code, to show what it decides
 */
export async function loadSimulation(longestThrottledWaitSeconds) {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  try {
    const outfile = join(folder, 'fleet.mjs');
    await build({
      entryPoints: [join(provider, 'test/support/fleet/simulate-fleet.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'warning',
      alias: {
        '@rolesanywhere/signer': join(packages, 'signer/src/index.ts'),
        '#platform': join(packages, 'signer/src/platform/node.ts'),
      },
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      plugins: longestThrottledWaitSeconds === undefined ? [] : [withWait(longestThrottledWaitSeconds)],
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The memo that every client of the AWS SDK puts around a provider: the real one, in the version that is installed here. */
export async function loadSdkMemo() {
  const sdk = createRequire(createRequire(import.meta.url).resolve('@aws-sdk/client-s3'));
  const { memoizeIdentityProvider, isIdentityExpired, doesIdentityRequireRefresh } = sdk('@smithy/core');
  return (credentials) => memoizeIdentityProvider(credentials, isIdentityExpired, doesIdentityRequireRefresh);
}

function withWait(seconds) {
  const constant = /longestThrottledWaitMilliseconds = [\d_]+;/;
  return {
    name: 'other wait',
    setup: ({ onLoad }) =>
      onLoad({ filter: /credential-provider\/src\/retry\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!constant.test(source)) throw new Error('The constant has another name now.');
        const contents = source.replace(constant, `longestThrottledWaitMilliseconds = ${seconds * 1000};`);
        return { contents, loader: 'ts' };
      }),
  };
}
