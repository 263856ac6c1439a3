import { Agent as HttpAgent, request as requestHttp, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps, type AgentOptions } from 'node:https';
import type { HttpRequest } from '@smithy/types';
import { findProxy } from './proxy.js';
import { quiet } from './quiet-agent.js';
import { readBody } from './read-body.js';
import { requestTarget } from './request-target.js';
import type { Transport, TransportResponse } from './transport.js';

const agentOptions = {
  keepAlive: true,
  // A router on the way forgets an idle connection sooner than the next refresh comes; a forgotten one would hang.
  timeout: 15_000,
  minVersion: 'TLSv1.2',
} satisfies AgentOptions;

/**
 * A transport with a connection of its own: kept alive between calls, through the proxy of `HTTPS_PROXY` and `NO_PROXY`,
 * over TLS 1.2 or newer. Unlike a `NodeHttpHandler` it arms no timers, so that a request in the background does not keep a
 * finished process alive.
 */
export function ownTransport(): Transport {
  let agent: Promise<HttpAgent> | undefined;
  return {
    async send(request, signal) {
      agent ??= createAgent(request);
      return exchange(request, await agent, signal);
    },
    close: () => {
      void agent?.then(
        (opened) => opened.destroy(),
        () => undefined,
      );
    },
  };
}

function exchange(request: HttpRequest, agent: HttpAgent, signal: AbortSignal): Promise<TransportResponse> {
  const { method, protocol, hostname, port, headers } = request;
  const open = protocol === 'https:' ? requestHttps : requestHttp;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const path = requestTarget(request);
  return new Promise((resolve, reject) => {
    const sent = open({ method, host, port, path, headers, agent, signal }, (response) => {
      const { statusCode = 0 } = response;
      readBody(response).then(
        (body) => resolve({ status: statusCode, headers: flattened(response.headers), body }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(request.body);
  });
}

function flattened(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** For the one endpoint that a transport is used with. */
async function createAgent({ protocol, hostname, port }: HttpRequest): Promise<HttpAgent> {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}/`);
  const proxy = await findProxy(url);
  return quiet(url.protocol === 'https:' ? await createHttpsAgent(proxy) : await createHttpAgent(proxy));
}

async function createHttpsAgent(proxy: string | undefined): Promise<HttpsAgent> {
  if (proxy === undefined) return new HttpsAgent(agentOptions);
  const { HttpsProxyAgent } = await import('hpagent');
  return new HttpsProxyAgent({ ...agentOptions, proxy });
}

async function createHttpAgent(proxy: string | undefined): Promise<HttpAgent> {
  if (proxy === undefined) return new HttpAgent(agentOptions);
  const { HttpProxyAgent } = await import('hpagent');
  return new HttpProxyAgent({ ...agentOptions, proxy });
}
