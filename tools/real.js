/**
 * `npm run test:real`: tests against parts that nobody here wrote. Installs them in a folder outside the workspace
 * (a `node` in node_modules/.bin would shadow the real one), packs our packages as they would be published, and runs
 * every `test-real/*.test.ts`. A part that cannot be had is skipped by name; on CI that is an error.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  folder,
  installAwsCli2,
  installCeph,
  installForge,
  installHsm,
  installJest,
  installNodes,
  installPkiTools,
  installProxies,
  installPython,
  installRuntimes,
  installTpm,
  installTypeScripts,
} from './real-parts.js';
import { publishedPackages, root } from './workspace.js';

const missing = [];
execFileSync(process.execPath, [join(root, 'tools', 'build.js')], { stdio: 'inherit' });
const parts = {
  REAL_TARBALLS: pack(),
  REAL_AWS: part('the AWS CLI, boto3, cfn-lint and cryptography', installPython),
  REAL_NODES: part('Node 20.19, 22, 24 and 26', installNodes),
  REAL_TYPESCRIPTS: part('TypeScript 5.4, 5.9, 6.0 and 7.0', installTypeScripts),
  REAL_JEST: part("a user's Jest", installJest),
  REAL_RUNTIMES: part('Bun, Deno and workerd', installRuntimes),
  REAL_AWS2: part('version 2 of the AWS CLI', installAwsCli2),
  REAL_CEPH: part("Ceph's gateway", installCeph),
  REAL_HSM: part('a software HSM (SoftHSM), OpenSC and p11-kit', installHsm),
  REAL_TPM: part('an emulated TPM (swtpm)', installTpm),
  REAL_PKI_TOOLS: part(
    'cfssl, easy-rsa, certtool, keytool, pk12util, Bouncy Castle and gpgsm',
    installPkiTools,
  ),
  REAL_FORGE: part('node-forge', installForge),
  REAL_PROXIES: part('squid and tinyproxy', installProxies),
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

function runJest(env) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(
    process.execPath,
    [...node, jest, '--config', 'jest.real.config.js', ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
      // A module reads the environment of the process itself, which a test cannot change.
      env: { ...process.env, ...env, SOFTHSM2_CONF: join(env.REAL_HSM ?? '', 'softhsm2.conf') },
    },
  );
  child.on('close', (code) => process.exit(code ?? 1));
}
