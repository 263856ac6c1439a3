import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { authorityOf, describeEndpoint, parseEndpoint } from '../../src/workload-api/endpoint.js';

const unix = (path: string) => ({ endpoint: { kind: 'unix', path } });
const tcp = (host: string, port: number) => ({ endpoint: { kind: 'tcp', host, port } });

test.each([
  ['unix:///run/agent.sock', unix('/run/agent.sock')],
  ['unix:/run/agent.sock', unix('/run/agent.sock')],
  ['UNIX:///run/agent.sock', unix('/run/agent.sock')],
  ['unix:///run/my%20agent%3F.sock', unix('/run/my agent?.sock')],
  ['tcp://127.0.0.1:8081', tcp('127.0.0.1', 8081)],
  ['tcp://[::1]:8081', tcp('::1', 8081)],
  ['tcp://[fe80::1%25eth0]:8081', tcp('fe80::1%eth0', 8081)],
  ['tcp://169.254.1.2:65535', tcp('169.254.1.2', 65_535)],
])('%s is an endpoint', (text, expected) => {
  expect(parseEndpoint(text)).toEqual(expected);
});

test.each([
  ['', 'must begin with unix:// or tcp://'],
  ['/run/agent.sock', 'must begin with'],
  ['http://127.0.0.1:80', 'must begin with'],
  ['unix://run/agent.sock', 'must have no host'],
  ['unix://user@/run/agent.sock', 'must have no host'],
  ['unix:run/agent.sock', 'absolute path'],
  ['unix:agent.sock', 'absolute path'],
  ['unix:', 'absolute path'],
  ['unix:///', 'absolute path'],
  ['unix:///run/agent.sock?x=1', 'query'],
  ['unix:///run/agent.sock?', 'query'],
  ['unix:///run/agent.sock#x', 'fragment'],
  ['unix:///run/%00', 'control character'],
  ['unix:///run/agent.sock\n', 'control character'],
  ['unix:///run/%zz', 'percent-encoding'],
  ['unix-abstract:agent', 'must begin with'],
  ['tcp://[fe80::1%eth0]:8081', 'not a host name'],
  ['tcp://[]:8081', 'not a host name'],
  [`unix:///${'x'.repeat(107)}`, '107 octets'],
  ['tcp:127.0.0.1:8081', 'must have no path'],
  ['tcp://', 'IP address and a port'],
  ['tcp://localhost:8081', 'not a host name'],
  ['tcp://[127.0.0.1]:8081', 'not a host name'],
  ['tcp://::1:8081', 'not a host name'],
  ['tcp://127.1:8081', 'not a host name'],
  ['tcp://user:x@127.0.0.1:8081', 'user name'],
  ['tcp://127.0.0.1', 'port'],
  ['tcp://127.0.0.1:', 'IP address'],
  ['tcp://127.0.0.1:0', 'port'],
  ['tcp://127.0.0.1:65536', 'port'],
  ['tcp://127.0.0.1:8081/', 'must have no path'],
  ['tcp://127.0.0.1:8081/foo', 'must have no path'],
  ['tcp://127.0.0.1:8081?x', 'query'],
  ['tcp://127.0.0.1:8081#x', 'fragment'],
])('%j is none', (text, problem) => {
  expect(parseEndpoint(text)).toEqual({ problem: expect.stringContaining(problem) });
});

describe('an endpoint', () => {
  test('is shown as it is given', () => {
    expect(describeEndpoint({ kind: 'tcp', host: '::1', port: 1 })).toBe('tcp://[::1]:1');
    expect(describeEndpoint({ kind: 'tcp', host: 'fe80::1%eth0', port: 1 })).toBe('tcp://[fe80::1%25eth0]:1');
    expect(describeEndpoint({ kind: 'unix', path: '/a' })).toBe('unix:///a');
  });

  test('is called without its zone, which the other side does not know', () => {
    expect(authorityOf({ kind: 'tcp', host: 'fe80::1%eth0', port: 1 })).toBe('[fe80::1]:1');
    expect(authorityOf({ kind: 'tcp', host: '127.0.0.1', port: 1 })).toBe('127.0.0.1:1');
  });

  test('on a socket file calls itself localhost', () => {
    expect(authorityOf({ kind: 'unix', path: '/a' })).toBe('localhost');
  });

  test('or a problem comes of any text', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'unix:', 'unix:///', 'tcp://', 'tcp://127.0.0.1:'),
        fc.string(),
        (start, rest) => {
          expect(Object.keys(parseEndpoint(start + rest))).toHaveLength(1);
        },
      ),
    );
  });
});
