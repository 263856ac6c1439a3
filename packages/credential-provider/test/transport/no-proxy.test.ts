import { describe, expect, test } from '@jest/globals';
import { bypassesProxy } from '../../src/transport/no-proxy.js';

const host = 'rolesanywhere.eu-central-1.amazonaws.com';

function bypassed(noProxy: string, hostname: string, port = 443): boolean {
  return bypassesProxy(noProxy, { hostname, port });
}

describe('NO_PROXY', () => {
  test.each([
    ['*', host],
    ['amazonaws.com', host],
    ['amazonaws.com', 'amazonaws.com'],
    ['.amazonaws.com', host],
    ['*.amazonaws.com', host],
    ['AmazonAWS.COM', host],
    ['example.com, amazonaws.com ,', host],
    ['example.com,*', host],
    ['amazonaws.com:443', host],
    ['10.0.0.0/8', '10.255.0.1'],
    ['10.1.2.3', '10.1.2.3'],
    ['10.1.2.3:443', '10.1.2.3'],
    ['0.0.0.0/0', '192.0.2.1'],
    ['2001:db8::/32', '2001:db8:1::2'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8:0::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['10.0.0.0/8', '::ffff:a00:1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
  ])('%s names %s', (noProxy, hostname) => {
    expect(bypassed(noProxy, hostname)).toBe(true);
  });

  test.each([
    ['', host],
    [',', host],
    ['.', host],
    ['*.', host],
    ['.amazonaws.com', 'amazonaws.com'],
    ['*.amazonaws.com', 'amazonaws.com'],
    ['aws.com', host],
    ['amazonaws.com:8443', host],
    ['*amazonaws.com', host],
    ['eu-central-1.amazonaws', host],
    ['amazonaws.com.', host],
    ['amazonaws.com/8', host],
    ['10.0.0.0/8', '11.0.0.1'],
    ['10.0.0.0/8', '10.example.com'],
    ['10.0.0.0/33', '10.0.0.1'],
    ['10.0.0.0/', '10.0.0.0'],
    ['10.1.2.3:80', '10.1.2.3'],
    ['1.2.3', '1.2.3.4'],
    ['2001:db8::/129', '2001:db8::1'],
    ['[2001:db8::1]:80', '2001:db8::1'],
    ['::/0', '192.0.2.1'],
  ])('%j does not name %s', (noProxy, hostname) => {
    expect(bypassed(noProxy, hostname)).toBe(false);
  });
});

test.each(['localhost', '127.0.0.1', '127.9.9.9', '::1'])('%s never goes through a proxy', (hostname) => {
  expect(bypassed('', hostname)).toBe(true);
});

test.each(['localhost.example', '128.0.0.1', '::2', '127.0.0.1.example'])(
  '%s may go through a proxy',
  (hostname) => {
    expect(bypassed('', hostname)).toBe(false);
  },
);
