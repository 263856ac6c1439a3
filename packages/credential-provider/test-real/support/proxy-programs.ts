import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/fault-world.js';

export const user = { name: 'user', password: 'Passw0rd' } as const;

/** A proxy program that runs. */
export interface ProxyProgram {
  /** `127.0.0.1:…` */
  readonly address: string;
  /** The port at which it is spoken to by TLS. */
  readonly tlsPort: number | undefined;
  stop(): Promise<void>;
}

/** What a proxy program is set up for. */
export interface ProxyProgramInit {
  readonly auth?: boolean;
  /** A host that it connects nobody to. */
  readonly deny?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export async function startSquid(init: ProxyProgramInit): Promise<ProxyProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'squid-'));
  const [port, tlsPort] = [await freePort(), await freePort()];
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const { auth = false, deny, tls } = init;
  const password = `${user.name}:${execFileSync('openssl', ['passwd', '-apr1', user.password], { encoding: 'utf8' })}`;
  const configuration = file(
    'squid.conf',
    [
      `http_port 127.0.0.1:${port}`,
      tls && `https_port 127.0.0.1:${tlsPort} tls-cert=${file('server.pem', tls.cert + tls.key)}`,
      `pid_filename ${folder}/squid.pid`,
      `cache_log ${folder}/cache.log`,
      'access_log none',
      'cache deny all',
      'shutdown_lifetime 0 seconds',
      `coredump_dir ${folder}`,
      auth && `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${file('passwords', password)}`,
      deny !== undefined && `acl denied dst ${deny}`,
      deny !== undefined && 'http_access deny denied',
      auth
        ? 'acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all'
        : 'http_access allow all',
    ]
      .filter((line) => typeof line === 'string')
      .join('\n'),
  );
  giveTo('proxy', folder);
  return run(['/usr/sbin/squid', '-N', '-f', configuration], {
    folder,
    port,
    tlsPort: tls && tlsPort,
    signal: 'SIGTERM',
  });
}

export async function startTinyproxy({ auth = false, deny }: ProxyProgramInit): Promise<ProxyProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'tinyproxy-'));
  const port = await freePort();
  const configuration = join(folder, 'tinyproxy.conf');
  writeFileSync(join(folder, 'filter'), `${deny?.replaceAll('.', '\\.') ?? ''}\n`);
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 60',
    'LogLevel Critical',
    auth && `BasicAuth ${user.name} ${user.password}`,
    deny !== undefined && `Filter "${join(folder, 'filter')}"`,
  ];
  writeFileSync(configuration, `${lines.filter((line) => typeof line === 'string').join('\n')}\n`);
  // By a gentler one it waits for its clients.
  return run(['/usr/bin/tinyproxy', '-d', '-c', configuration], {
    folder,
    port,
    tlsPort: undefined,
    signal: 'SIGKILL',
  });
}

/** Addresses of this machine that are not loopback: what goes there goes through a proxy. */
export function ownAddresses(): { readonly ipv4: string | undefined; readonly ipv6: string | undefined } {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  const outward = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  const first = (wanted: string): string | undefined =>
    outward.find(({ family }) => family === wanted)?.address;
  return { ipv4: first('IPv4'), ipv6: first('IPv6') };
}

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly tlsPort: number | undefined;
  /** Ends it. */
  readonly signal: NodeJS.Signals;
}

async function run([program, ...args]: readonly [string, ...string[]], place: Place): Promise<ProxyProgram> {
  const { folder, port, tlsPort, signal } = place;
  const child = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill(signal);
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let waited = 0; !(await accepts(port)); waited += 50) {
    if (waited > 10_000 || child.exitCode !== null) {
      await stop();
      throw new Error(`${program} did not start`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return { address: `127.0.0.1:${port}`, tlsPort, stop };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', settle(true)).once('error', settle(false));
  });
}

/** Started by the superuser, squid works as a user of its own. */
function giveTo(name: string, folder: string): void {
  if (process.getuid?.() !== 0) return;
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  chownSync(folder, id('-u'), id('-g'));
}
