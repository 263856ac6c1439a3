import { describe, expect, test } from '@jest/globals';
import { describeNetworkFailure } from '../src/network-failure.js';
import { ProxyError } from '../src/transport/proxy-error.js';
import { BodyTooLargeError } from '../src/transport/read-body.js';

const host = 'roles.example';
const described = (error: unknown) => describeNetworkFailure(error, host);
const withCode = (code: string): Error => Object.assign(new Error('it failed'), { code });

describe('what failed is told by the code of the error or of one of its causes:', () => {
  test.each([
    ['ENOTFOUND', 'host name was not found', false],
    ['EAI_AGAIN', 'host name was not found', false],
    ['ECONNREFUSED', 'was refused', false],
    ['ETIMEDOUT', 'no answer in time', false],
    ['ECONNRESET', 'was cut', false],
    ['EPIPE', 'was cut', false],
    ['CERT_HAS_EXPIRED', 'not trusted', true],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'not trusted', true],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'not trusted', true],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'not trusted', true],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'no TLS of version 1.2', true],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'no TLS of version 1.2', true],
    ['EWHATEVER', 'the network failed', false],
  ])('%s', (code, says, permanent) => {
    for (const error of [withCode(code), new TypeError('fetch failed', { cause: withCode(code) })]) {
      expect(described(error)).toMatchObject({ code: 'NETWORK_FAILED', permanent, cause: error });
      expect(described(error).message).toContain(says);
      expect(described(error).message).toContain(`did not reach ${host}`);
    }
  });
});

test.each([
  ['Bad response: 407', 'asks for authentication (407)', true],
  ['Bad response: 503', 'the proxy refused the connection', false],
])(
  'the error "%s" of a proxy agent of the application is named as the proxy’s',
  (message, says, permanent) => {
    expect(described(new Error(message))).toMatchObject({
      code: 'NETWORK_FAILED',
      permanent,
      message: expect.stringContaining(says),
    });
  },
);

test.each([
  [401, true],
  [403, true],
  [407, true],
  [500, false],
  [503, false],
])('a proxy’s %d is final: %s', (status, permanent) => {
  const error = new ProxyError({ proxy: 'proxy.example:3128', status, reason: 'Because' });
  const failure = described(error);
  expect(failure).toMatchObject({ code: 'NETWORK_FAILED', permanent, cause: error });
  expect(failure).not.toHaveProperty('status');
  expect(failure.message).toContain('the proxy proxy.example:3128 ');
});

test('a proxy that says much is cut short', () => {
  const error = new ProxyError({ proxy: 'proxy.example:3128', status: 403, reason: 'x'.repeat(5000) });
  expect(described(error).message.length).toBeLessThan(500);
});

test('an answer that is too large keeps its status and request id, and none of its other headers', () => {
  const headers = { 'x-amzn-requestid': 'request-1', 'set-cookie': 'a-secret' };
  const failure = described(new BodyTooLargeError('too large', { status: 201, headers }));
  expect(failure).toMatchObject({ code: 'RESPONSE_MALFORMED', status: 201, requestId: 'request-1' });
  expect(JSON.stringify(failure)).not.toContain('a-secret');
});

test.each([undefined, null, 'text', 7])('%j for an error is described, too', (error) => {
  expect(described(error)).toMatchObject({ code: 'NETWORK_FAILED', permanent: false });
});
