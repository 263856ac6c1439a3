import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { rejectionOf } from '../support/options.js';
import {
  createFaultAuthority,
  createFaultWorld,
  type FaultAuthority,
  type FaultWorld,
} from '../support/fault-world.js';
import { startProxyServer, type ProxyInit, type ProxyServer } from '../support/proxy-server.js';

const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];
let shared: FaultAuthority;
let world: FaultWorld;
let port: number;

beforeAll(async () => {
  shared = await createFaultAuthority();
});
beforeEach(async () => {
  world = await createFaultWorld(shared);
  const subjectAlternativeName = [
    { type: 'dns', value: 'roles.example' },
    { type: 'ip', value: '2001:db8::5' },
  ] as const;
  port = Number(
    new URL(await world.listen({ tls: await world.issueServer({ subjectAlternativeName }) })).port,
  );
  world.endpoint = 'https://roles.example';
});
afterEach(async () => {
  for (const name of names) delete process.env[name];
  await world.close();
});

async function useProxy(
  init: ProxyInit = {},
  url = (address: string) => `http://${address}`,
): Promise<ProxyServer> {
  const proxy = await startProxyServer({ to: port, ...init });
  world.onClose(() => proxy.close());
  process.env['HTTPS_PROXY'] = url(proxy.address);
  return proxy;
}

const isSession = async (): Promise<boolean> => {
  const { accessKeyId } = await world.createProvider()();
  return world.emulator.findSession(accessKeyId) !== undefined;
};

describe('a session comes through', () => {
  test('a proxy, with the CA of the options', async () => {
    const proxy = await useProxy();
    expect(await isSession()).toBe(true);
    expect(proxy.calls).toEqual([{ target: 'roles.example:443', user: undefined }]);
  });

  test('a proxy that wants user name and password', async () => {
    const proxy = await useProxy({ auth: 'user:p@ss' }, (address) => `http://user:p%40ss@${address}`);
    expect(await isSession()).toBe(true);
    expect(proxy.calls).toEqual([{ target: 'roles.example:443', user: 'user:p@ss' }]);
  });

  test('a proxy that is spoken to by TLS, trusted by the CA of the options', async () => {
    const proxy = await useProxy({ tls: await world.issueServer() }, (address) =>
      address.replace('127.0.0.1', 'https://localhost'),
    );
    expect(await isSession()).toBe(true);
    expect(proxy.calls).toHaveLength(1);
  });

  test('a proxy at an IPv6 address', async () => {
    const proxy = await useProxy({ host: '::1' });
    expect(proxy.address).toMatch(/^\[::1\]:\d+$/);
    expect(await isSession()).toBe(true);
  });

  test('a proxy to an IPv6 address', async () => {
    const proxy = await useProxy();
    world.endpoint = 'https://[2001:db8::5]:8443';
    expect(await isSession()).toBe(true);
    expect(proxy.calls).toEqual([{ target: '[2001:db8::5]:8443', user: undefined }]);
  });

  test('a proxy by plain HTTP: it gets the whole URL, and the service the signed host', async () => {
    const proxy = await useProxy({ auth: 'user:word', to: Number(new URL(await world.listen()).port) });
    process.env['HTTP_PROXY'] = `user:word@${proxy.address}`;
    world.endpoint = 'http://roles.example:8080/base';
    expect(await isSession()).toBe(true);
    expect(proxy.calls).toEqual([
      { target: expect.stringMatching(/^http:\/\/roles\.example:8080\/base\/sessions\?/), user: 'user:word' },
    ]);
  });

  test('one tunnel for the calls of a provider', async () => {
    const proxy = await useProxy();
    const provider = world.createProvider();
    await provider();
    await provider({ forceRefresh: true });
    expect(proxy.calls).toHaveLength(1);
  });
});

describe('a proxy', () => {
  const failure = async (): Promise<unknown> => {
    const error = await rejectionOf(world.createProvider({ clientConfig: { maxAttempts: 2 } })());
    expect(String(error)).not.toContain('pass-word');
    return error;
  };

  test.each([
    ['407 No', 1, 'asks for authentication (407). Put the right user name and password'],
    ['407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM', 1, 'takes Negotiate, NTLM only'],
    ['407 No\r\nProxy-Authenticate: Basic realm="x"', 1, 'Put the right user name'],
    [
      '403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0',
      1,
      '(403 Forbidden, ERR_ACCESS_DENIED 0). Let it connect',
    ],
    [
      '503 Service Unavailable\r\nX-Squid-Error: ERR_DNS_FAIL 0',
      2,
      'found no way (503 Service Unavailable, ERR_DNS_FAIL 0)',
    ],
    ['302 Found\r\nLocation: http://login/', 1, 'refused the tunnel (302 Found)'],
    ['401 Unauthorized', 1, 'asks for authentication (401). Put the right user name'],
  ])('that answers %j is named after %d attempts: %s', async (refuse, attempts, says) => {
    const proxy = await useProxy({ refuse }, (address) => `http://user:pass-word@${address}`);
    const error = await failure();
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', tryNextLink: false, $metadata: { attempts } });
    expect(error).not.toHaveProperty('status');
    expect(String(error)).toContain(`did not reach roles.example: the proxy ${proxy.address} `);
    expect(String(error)).toContain(says);
  });

  test('that wants authentication for plain HTTP is not taken for the service', async () => {
    const proxy = await useProxy({ auth: 'user:word' });
    process.env['HTTP_PROXY'] = `http://user:pass-word@${proxy.address}`;
    world.endpoint = 'http://roles.example';
    const error = await failure();
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', $metadata: { attempts: 1 } });
    expect(String(error)).toContain(`the proxy ${proxy.address} asks for authentication (407)`);
  });

  test('that is not there is named', async () => {
    process.env['HTTPS_PROXY'] = 'http://user:pass-word@127.0.0.1:9';
    expect(String(await failure())).toContain(
      'the proxy 127.0.0.1:9 refused the connection. Check host and port in HTTPS_PROXY',
    );
  });

  test('whose name does not exist is named', async () => {
    process.env['HTTPS_PROXY'] = 'http://proxy.invalid:3128';
    expect(String(await failure())).toContain('the proxy proxy.invalid:3128 was not found');
  });

  test('whose own certificate is not trusted is named', async () => {
    const { authority: issuer } = await createFaultAuthority();
    await useProxy({ tls: await world.issueServer({ issuer }) }, (address) =>
      address.replace('127.0.0.1', 'https://localhost'),
    );
    expect(String(await failure())).toMatch(
      /the proxy localhost:\d+ shows a TLS certificate that is not trusted/,
    );
  });

  test('that does not speak TLS although its URL says so is named', async () => {
    await useProxy({}, (address) => `https://user:pass-word@${address}`);
    expect(String(await failure())).toContain('one for http:// or https://');
  });

  test('that never answers ends with the time limit', async () => {
    const proxy = await startProxyServer({});
    world.onClose(() => proxy.close());
    process.env['HTTPS_PROXY'] = `http://${proxy.address}`;
    const error = await rejectionOf(world.createProvider({ totalTimeoutMilliseconds: 2000 })());
    expect(error).toMatchObject({ code: 'TIMED_OUT' });
    expect(String(error)).toContain('Check the network and any proxy');
  });

  test('beyond which the certificate is not trusted: the endpoint is named, not the proxy', async () => {
    await useProxy();
    const error = await rejectionOf(world.createProvider({ clientConfig: { requestHandler: {} } })());
    expect(String(error)).toContain('the TLS certificate of the endpoint is not trusted');
  });
});

test.each(['TLSv1', 'TLSv1.1'] as const)(
  'a server that speaks %s at most is not spoken to',
  async (maxVersion) => {
    const ciphers = 'DEFAULT@SECLEVEL=0';
    const server = createTlsServer({
      ...(await world.issueServer()),
      minVersion: 'TLSv1',
      maxVersion,
      ciphers,
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    world.onClose(() => server.close());
    const address = server.address();
    world.endpoint = `https://localhost:${typeof address === 'object' ? address?.port : ''}`;
    const error = await rejectionOf(world.createProvider()());
    expect(error).toMatchObject({
      code: 'NETWORK_FAILED',
      cause: { code: expect.stringMatching(/PROTOCOL|EPROTO/) },
    });
    expect(String(error)).toContain('TLS of version 1.2 or newer');
  },
);
