import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { installAsStranger, testWith } from '../../../tools/test-support/real-parts.js';

interface InstalledPackage {
  readonly name: string;
  readonly bytes: number;
}

/** The packages of a `node_modules`; what one has in a `node_modules` of its own counts as its bytes. */
function installedPackages(modules: string): readonly InstalledPackage[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((sub) => `${name}/${sub}`) : [name],
    )
    .map((name) => ({ name, bytes: bytesOf(join(modules, name)) }));
}

function bytesOf(path: string): number {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

describe('beside an application with a current client of the AWS SDK', () => {
  const application = { '@aws-sdk/client-s3': 'latest' };
  let added: readonly InstalledPackage[] = [];
  const folders: { remove(): void }[] = [];

  beforeAll(async () => {
    const install = async (packages: readonly string[]) => {
      const stranger = await installAsStranger(packages, { files: {}, dependencies: application });
      folders.push(stranger);
      return installedPackages(join(stranger.folder, 'node_modules'));
    };
    const before = new Set((await install([])).map(({ name }) => name));
    added = (await install(['signer', 'credential-provider'])).filter(({ name }) => !before.has(name));
  }, 300_000);
  afterAll(() => folders.forEach((folder) => folder.remove()));

  testWith('REAL_TARBALLS')('the provider adds at most 12 packages of others and 3 MB', () => {
    const others = added.filter(({ name }) => !name.startsWith('@rolesanywhere/'));
    const bytes = others.reduce((sum, { bytes: own }) => sum + own, 0);
    expect(others.map(({ name }) => name)).toHaveLength(Math.min(others.length, 12));
    expect(bytes).toBeLessThanOrEqual(3_000_000);
  });
});
