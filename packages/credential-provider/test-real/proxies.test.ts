import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { testWith } from '../../../tools/test-support/real-parts.js';
import { buildChildProgram } from '../test/support/child-program.js';
import {
  createFaultAuthority,
  createFaultWorld,
  freePort,
  type FaultAuthority,
  type FaultWorld,
} from '../test/support/fault-world.js';
import { rejectionOf } from '../test/support/options.js';
import {
  ownAddresses,
  startSquid,
  startTinyproxy,
  user,
  type ProxyProgram,
  type ProxyProgramInit,
} from './support/proxy-programs.js';

const testWithProxies = testWith('REAL_PROXIES');
const { ipv4 = '127.0.0.1', ipv6 } = ownAddresses();
const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];
let shared: FaultAuthority;
let world: FaultWorld;

beforeAll(async () => {
  shared = await createFaultAuthority();
});
beforeEach(async () => {
  world = await createFaultWorld(shared);
});
afterEach(async () => {
  for (const name of names) delete process.env[name];
  await world.close();
});

/** The service at an address that is not loopback. */
async function serve(address: string, options: { readonly tls: boolean } = { tls: true }): Promise<void> {
  const subjectAlternativeName = [{ type: 'ip', value: address }] as const;
  const tls = options.tls ? { tls: await world.issueServer({ subjectAlternativeName }) } : {};
  world.endpoint = await world.listen({ host: address, ...tls });
}

const authorized = `${user.name}:${encodeURIComponent(user.password)}@`;
const sessionIsHad = async (): Promise<boolean> => {
  const { accessKeyId } = await world.createProvider()();
  return world.emulator.findSession(accessKeyId) !== undefined;
};
const failure = async (): Promise<unknown> => {
  const error = await rejectionOf(world.createProvider({ clientConfig: { maxAttempts: 2 } })());
  expect(String(error)).not.toContain('wrong-word');
  return error;
};

describe.each([
  ['squid', startSquid],
  ['tinyproxy', startTinyproxy],
])('%s', (name, startProgram) => {
  const start = async (init: ProxyProgramInit = {}): Promise<ProxyProgram> => {
    const program = await startProgram(init);
    world.onClose(() => program.stop());
    return program;
  };

  testWithProxies(`${name}: a session comes through the tunnel`, async () => {
    await serve(ipv4);
    process.env['HTTPS_PROXY'] = `http://${(await start()).address}`;
    expect(await sessionIsHad()).toBe(true);
  });

  testWithProxies(`${name}: a session comes through the tunnel with user name and password`, async () => {
    await serve(ipv4);
    process.env['HTTPS_PROXY'] = `http://${authorized}${(await start({ auth: true })).address}`;
    expect(await sessionIsHad()).toBe(true);
  });

  testWithProxies(`${name}: a session comes through the tunnel to an IPv6 address`, async () => {
    await serve(ipv6 ?? ipv4);
    process.env['HTTPS_PROXY'] = `http://${(await start()).address}`;
    expect(await sessionIsHad()).toBe(true);
  });

  testWithProxies.each(['', `${user.name}:wrong-word@`])(
    `${name}: a wrong login (%j) is named, once, and is not the service’s`,
    async (login) => {
      await serve(ipv4);
      const { address } = await start({ auth: true });
      process.env['HTTPS_PROXY'] = `http://${login}${address}`;
      const error = await failure();
      expect(error).toMatchObject({ code: 'NETWORK_FAILED', $metadata: { attempts: 1 } });
      expect(error).not.toHaveProperty('status');
      expect(String(error)).toMatch(/asks for authentication \(40[17]\)\. Put the right user/);
      expect(String(error)).toContain(`the proxy ${address} `);
    },
  );

  testWithProxies(`${name}: a host that it connects nobody to is named`, async () => {
    await serve(ipv4);
    const { address } = await start({ deny: ipv4 });
    process.env['HTTPS_PROXY'] = `http://${address}`;
    const error = await failure();
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', $metadata: { attempts: 1 } });
    expect(String(error)).toContain(`the proxy ${address} refused the tunnel (403`);
  });

  testWithProxies(`${name}: a host that it cannot reach is named, after every attempt`, async () => {
    const { address } = await start();
    process.env['HTTPS_PROXY'] = `http://${address}`;
    world.endpoint = `https://${ipv4}:${await freePort()}`;
    const error = await failure();
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', $metadata: { attempts: 2 } });
    expect(String(error)).toMatch(/found no way \(50\d /);
  });

  testWithProxies(`${name}: NO_PROXY leaves it aside`, async () => {
    await serve(ipv4);
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:9';
    process.env['NO_PROXY'] = `10.0.0.0/33, ${ipv4}/32`;
    expect(await sessionIsHad()).toBe(true);
  });

  testWithProxies(`${name}: plain HTTP is handed on, with user name and password`, async () => {
    await serve(ipv4, { tls: false });
    const { address } = await start({ auth: true });
    process.env['HTTP_PROXY'] = `http://${authorized}${address}`;
    expect(await sessionIsHad()).toBe(true);
    process.env['HTTP_PROXY'] = `http://${address}`;
    expect(String(await failure())).toContain(`the proxy ${address} asks for authentication (407)`);
  });

  testWithProxies(`${name}: the CA of NODE_EXTRA_CA_CERTS holds beyond it`, async () => {
    await serve(ipv4);
    const folder = mkdtempSync(join(tmpdir(), 'ca-'));
    const file = join(folder, 'ca.pem');
    writeFileSync(file, shared.authority.certificatePem);
    const program = await buildChildProgram(FETCH_NOTHING_BUT_TLS);
    const { address } = await start();
    const env = { HTTPS_PROXY: `http://${address}`, ENDPOINT: world.endpoint };
    const trusted = await program.run({ ...env, NODE_EXTRA_CA_CERTS: file });
    const distrusted = await program.run(env);
    program.remove();
    rmSync(folder, { recursive: true });
    // The service does not know the ARNs; it was reached.
    expect(trusted.stdout).toBe('ACCESS_DENIED\n');
    expect(distrusted.stdout).toBe('NETWORK_FAILED\n');
  });
});

const FETCH_NOTHING_BUT_TLS = `
import { generateKeyPairSync, sign } from 'node:crypto';
import { createSession } from '@rolesanywhere/credential-provider';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const expiration = new Date('2099-01-01T00:00:00Z');
const certificate = { der: new Uint8Array(32), serialNumber: 255n, notBefore: new Date(0), notAfter: expiration, subject: 'CN=a', issuer: 'CN=b', keyAlgorithm: 'EC' };
const key = { algorithm: 'AWS4-X509-ECDSA-SHA256', sign: async (message) => new Uint8Array(sign('sha256', message, privateKey)) };
const id = '41c10bae-6783-40d4-ab20-65dc5d922e45';
const arn = (kind) => 'arn:aws:rolesanywhere:eu-central-1:111122223333:' + kind + '/' + id;
const input = { trustAnchorArn: arn('trust-anchor'), profileArn: arn('profile'), roleArn: 'arn:aws:iam::111122223333:role/x' };
const clientConfig = { endpoint: process.env.ENDPOINT, maxAttempts: 1 };
createSession(input, { identity: { certificate, chain: [], key, expiration }, clientConfig }).catch(({ code }) => console.log(code));
`;

describe('squid alone', () => {
  testWithProxies('squid: is spoken to by TLS, with user name and password', async () => {
    await serve(ipv4);
    const program = await startSquid({ auth: true, tls: await world.issueServer() });
    world.onClose(() => program.stop());
    process.env['HTTPS_PROXY'] = `https://${authorized}localhost:${program.tlsPort}`;
    expect(await sessionIsHad()).toBe(true);
  });

  testWithProxies('squid: a name that it cannot resolve is named', async () => {
    const program = await startSquid({});
    world.onClose(() => program.stop());
    process.env['HTTPS_PROXY'] = `http://${program.address}`;
    world.endpoint = 'https://roles.invalid';
    expect(String(await failure())).toMatch(/found no way \(50\d .*ERR_/);
  });
});
