/** Installs packages of npm and of Debian, for real-parts.js. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Into a folder of their own; nothing that they bring is run. */
export function installNpm(target, dependencies) {
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', args, { cwd: target, stdio: 'pipe' });
}

/** Into the machine, those that are not there yet. */
export function installDebian(packages) {
  const isThere = (name) => {
    try {
      execFileSync('dpkg', ['-s', name], { stdio: 'pipe' });
      return true;
    } catch {
      return false;
    }
  };
  const wanted = packages.filter((name) => !isThere(name));
  if (wanted.length === 0) return;
  const options = { stdio: 'pipe', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  execFileSync('apt-get', ['update', '-qq'], options);
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], options);
}
