/** For `test-real`: an npm registry on loopback that holds our packed packages, so that `npm install` works before they are published. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runCleanly } from './real-parts.js';

export interface PackageRegistry {
  /** Variables that send npm here for our packages, and for the others where it goes anyway. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface Packed {
  readonly name: string;
  readonly version: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly tarball: Uint8Array;
}

/** Serves every tarball of a folder. */
export async function startPackageRegistry(folder: string): Promise<PackageRegistry> {
  const files = readdirSync(folder).filter((file) => /-\d+\.\d+\.\d+\.tgz$/.test(file));
  const packages = await Promise.all(files.map((file) => readPacked(join(folder, file))));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const url = `http://${request.headers.host ?? ''}`;
    const found = packages.find(({ name }) => path === name || path === `${name}.tgz`);
    if (found === undefined) response.writeHead(404).end('{}');
    else if (path.endsWith('.tgz')) response.end(found.tarball);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(describe(found, url)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    env: { 'npm_config_@rolesanywhere:registry': `http://127.0.0.1:${port}/` },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function describe({ name, version, manifest, tarball }: Packed, url: string): object {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const dist = { tarball: `${url}/${name}.tgz`, integrity };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}

async function readPacked(path: string): Promise<Packed> {
  const { exitCode, stdout, stderr } = await runCleanly(['tar', '-xzOf', path, 'package/package.json']);
  if (exitCode !== 0) throw new Error(stderr);
  const manifest = JSON.parse(stdout) as Packed['manifest'] & Pick<Packed, 'name' | 'version'>;
  return { name: manifest.name, version: manifest.version, manifest, tarball: readFileSync(path) };
}
