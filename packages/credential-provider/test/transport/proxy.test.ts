import { afterEach, describe, expect, test } from '@jest/globals';
import { findProxy, proxyAuthorization } from '../../src/transport/proxy.js';

const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const clear = (): void => {
  for (const name of [...names, 'REQUEST_METHOD']) delete process.env[name];
};
afterEach(clear);

const secure = 'https://roles.example/';
const plain = 'http://roles.example:8080/';

function found(url: string, environment: Readonly<Record<string, string>>): string | undefined {
  clear();
  Object.assign(process.env, environment);
  return findProxy(new URL(url))?.href;
}

describe('the proxy', () => {
  test.each([
    [secure, { HTTPS_PROXY: 'http://a:1' }, 'http://a:1/'],
    [secure, { https_proxy: 'http://a:1' }, 'http://a:1/'],
    [secure, { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:1' }, 'http://a:1/'],
    [secure, { HTTPS_PROXY: '', https_proxy: 'http://b:1' }, 'http://b:1/'],
    [plain, { HTTP_PROXY: 'http://a:1' }, 'http://a:1/'],
    [plain, { http_proxy: 'a:1' }, 'http://a:1/'],
    [secure, { HTTPS_PROXY: 'proxy.example:3128' }, 'http://proxy.example:3128/'],
    [secure, { HTTPS_PROXY: 'proxy.example' }, 'http://proxy.example/'],
    [secure, { HTTPS_PROXY: '[2001:db8::1]:3128' }, 'http://[2001:db8::1]:3128/'],
    [secure, { HTTPS_PROXY: 'https://proxy.example' }, 'https://proxy.example/'],
    ['https://[2001:db8::5]/', { HTTPS_PROXY: 'http://a:1', NO_PROXY: '10.0.0.0/8' }, 'http://a:1/'],
  ])('of %s with %j is %s', (url, environment, proxy) => {
    expect(found(url, environment)).toBe(proxy);
  });

  test.each([
    [secure, {}],
    [secure, { HTTP_PROXY: 'http://a:1', ALL_PROXY: 'http://a:1' }],
    [plain, { HTTPS_PROXY: 'http://a:1' }],
    [secure, { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'example' }],
    [secure, { HTTPS_PROXY: 'http://a:1', no_proxy: 'roles.example:443' }],
    [plain, { HTTP_PROXY: 'http://a:1', NO_PROXY: 'roles.example:8080' }],
    ['https://localhost:8443/', { HTTPS_PROXY: 'http://a:1' }],
    ['http://[::1]:8080/', { HTTP_PROXY: 'http://a:1', REQUEST_METHOD: 'GET' }],
    ['https://[2001:db8::5]/', { HTTPS_PROXY: 'http://a:1', NO_PROXY: '2001:db8::/32' }],
  ])('of %s with %j is none', (url, environment) => {
    expect(found(url, environment)).toBeUndefined();
  });
});

test.each([
  'socks5://a:1',
  'ftp://a',
  'http://',
  'http://user:%E0%A4%A@a:1',
  'http://user:pass-word@a:99999',
])('%s is a mistake in the environment, and not repeated', (proxy) => {
  const error = (() => {
    try {
      return found(secure, { HTTPS_PROXY: proxy });
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining('HTTPS_PROXY') });
  expect(String(error)).not.toContain('pass-word');
});

test('HTTP_PROXY is not believed in a CGI program, HTTPS_PROXY is', () => {
  const environment = { REQUEST_METHOD: 'GET', HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'http://b:1' };
  expect(() => found(plain, environment)).toThrow('REQUEST_METHOD');
  expect(found(secure, environment)).toBe('http://b:1/');
});

test('user name and password are sent decoded', () => {
  const header = (text: string): string | undefined =>
    proxyAuthorization(new URL(text))['proxy-authorization'];
  expect(header('http://user:p%40ss%3A%C3%BC@a:1')).toBe(
    `Basic ${Buffer.from('user:p@ss:ü').toString('base64')}`,
  );
  expect(header('http://user@a:1')).toBe(`Basic ${Buffer.from('user:').toString('base64')}`);
  expect(header('http://a:1')).toBeUndefined();
});
