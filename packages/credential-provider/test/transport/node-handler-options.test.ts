import { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import { expect, test } from '@jest/globals';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import type { NodeHttpHandlerOptions } from '@smithy/types';
import { nodeHandlerOptions } from '../../src/transport/node-handler-options.js';

/** A handler after its first request, which fails. */
async function used<T extends NodeHttpHandler>(handler: T): Promise<T> {
  const request = {
    method: 'GET',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: 9,
    path: '/',
    headers: {},
  };
  await handler.handle(request as never).catch(() => undefined);
  return handler;
}

test('a NodeHttpHandler that was used gives its agents and time limits', async () => {
  const options: NodeHttpHandlerOptions = { httpsAgent: new Agent(), connectionTimeout: 5, socketTimeout: 6 };
  const found = nodeHandlerOptions(await used(new NodeHttpHandler(options)));
  expect(found).toMatchObject({ connectionTimeout: 5, socketTimeout: 6 });
  expect(found?.httpsAgent).toBe(options.httpsAgent);
  expect(found?.httpAgent).toBeInstanceOf(HttpAgent);
});

test('requestTimeout is a limit only where the handler would end the request', async () => {
  const requestTimeout = 7;
  const warning = await used(new NodeHttpHandler({ requestTimeout }));
  expect(nodeHandlerOptions(warning)).not.toHaveProperty('requestTimeout');
  const ending = await used(new NodeHttpHandler({ requestTimeout, throwOnRequestTimeout: true }));
  expect(nodeHandlerOptions(ending)).toMatchObject({ requestTimeout });
});

test('one that was not used has made no agents yet', () => {
  expect(nodeHandlerOptions(new NodeHttpHandler())?.httpsAgent).toBeUndefined();
});

test('a handler that may do more than its class is not looked into', async () => {
  class TracingHandler extends NodeHttpHandler {}
  expect(nodeHandlerOptions(await used(new TracingHandler()))).toBeUndefined();
  const patched = await used(new NodeHttpHandler());
  patched.handle = patched.handle.bind(patched);
  expect(nodeHandlerOptions(patched)).toBeUndefined();
});

test.each([
  ['an HTTP/2 handler', new NodeHttp2Handler()],
  ['an object with a handle', { handle: async () => Promise.reject(new Error('unused')) }],
])('%s is not looked into', (_name, handler) => {
  expect(nodeHandlerOptions(handler as never)).toBeUndefined();
});
