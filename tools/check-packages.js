/**
 * `node tools/check-packages.js`: packs each published package as it would be published and lets publint and
 * "are the types wrong" judge the tarball.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishedPackages, root } from './workspace.js';

const bin = (name) => join(root, 'node_modules', '.bin', name);
const work = mkdtempSync(join(tmpdir(), 'packages-'));
let failed = false;
try {
  for (const pkg of publishedPackages()) {
    execFileSync(bin('pnpm'), ['pack', '--pack-destination', work], { cwd: pkg.path, stdio: 'pipe' });
    const stem = pkg.name.replace('@', '').replace('/', '-');
    const tarball = join(
      work,
      readdirSync(work).find((file) => file.startsWith(`${stem}-`)),
    );
    judge(pkg, 'publint', [tarball, '--strict']);
    if (pkg.manifest.exports !== undefined) judge(pkg, 'attw', [tarball, '--quiet']);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (failed) process.exit(1);

function judge(pkg, name, args) {
  const { status, stdout, stderr } = spawnSync(bin(name), args, { cwd: root, encoding: 'utf8' });
  if (status === 0) return;
  failed = true;
  console.error(`${pkg.name}: ${name}\n${stdout}${stderr}`);
}
