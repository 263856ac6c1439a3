/** What the tools know about the workspace: where it is, and its packages in the order in which they build. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Dependencies that are ES modules only. */
const ESM_ONLY = new Set(['pkijs', 'asn1js']);

/** The folder of the workspace. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Every package of the workspace, dependencies before dependents.
 *
 * @returns {{ name: string, folder: string, path: string, manifest: any, workspaceDependencies: string[],
 *   esmOnlyDependencies: string[] }[]}
 */
export function workspacePackages() {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json'))),
  );
  const packages = folders.map((folder) => describe(folder));
  const names = new Set(packages.map(({ name }) => name));
  const ordered = [];
  const visit = (pkg) => {
    if (ordered.includes(pkg)) return;
    pkg.workspaceDependencies = pkg.workspaceDependencies.filter((name) => names.has(name));
    for (const name of pkg.workspaceDependencies) visit(packages.find((other) => other.name === name));
    ordered.push(pkg);
  };
  packages.forEach(visit);
  return ordered;
}

/** The packages that people install. */
export function publishedPackages() {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true);
}

function describe(folder) {
  const path = join(root, folder);
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const dependencies = Object.keys(manifest.dependencies ?? {});
  // The command line is one bundle, so what it is made of stands in its devDependencies.
  const bundled = manifest.bin === undefined ? [] : Object.keys(manifest.devDependencies ?? {});
  return {
    name: manifest.name,
    folder,
    path,
    manifest,
    workspaceDependencies: [...dependencies, ...bundled],
    esmOnlyDependencies: dependencies.filter((name) => ESM_ONLY.has(name)),
    doors: Object.keys(manifest.imports ?? {}).map((name) => name.slice(1)),
  };
}
