/**
 * `node tools/run.js NAME`: brings the workspace to the state of the lockfile, then runs the npm script NAME.
 * A fresh machine has Node and npm only, so pnpm comes by npm; a second run finds everything there and installs nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [name, ...rest] = process.argv.slice(2);

requireNode(20, 19);
if (read('node_modules/.pnpm/lock.yaml') !== read('pnpm-lock.yaml')) install();
run('npm', ['run', '--silent', name, ...(rest.length > 0 ? ['--', ...rest] : [])]);

function requireNode(major, minor) {
  const [haveMajor = 0, haveMinor = 0] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  console.error(`Node ${process.versions.node} is too old: install Node ${major}.${minor} or newer.`);
  process.exit(1);
}

function install() {
  const { pnpm } = readCatalog();
  const command = ['--yes', '--loglevel=error', `pnpm@${pnpm}`, 'install', '--frozen-lockfile'];
  run('npx', command, { npm_config_yes: 'true' });
}

/** The pinned pnpm version stands in the workspace catalog like every other version. */
function readCatalog() {
  const match = /^ {2}pnpm: (\S+)$/m.exec(read('pnpm-workspace.yaml') ?? '');
  if (match === null) throw new Error('pnpm-workspace.yaml: the catalog has no line "  pnpm: <version>"');
  return { pnpm: match[1] };
}

function read(path) {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
}

function run(command, args, env = {}) {
  const shell = process.platform === 'win32';
  const options = { cwd: root, stdio: 'inherit', shell, env: { ...process.env, ...env } };
  const { status, error } = spawnSync(command, args, options);
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
