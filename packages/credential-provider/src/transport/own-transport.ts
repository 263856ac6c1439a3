import { request as requestHttp, type Agent, type IncomingHttpHeaders } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { HttpRequest, NodeHttpHandlerOptions } from '@smithy/types';
import { createAgent } from './create-agent.js';
import { readBody } from './read-body.js';
import { requestTarget } from './request-target.js';
import { limitTime, type TimeLimits } from './time-limits.js';
import type { Transport, TransportResponse } from './transport.js';

/**
 * A transport with a connection of its own: kept alive between calls, through the proxy of `HTTPS_PROXY` and `NO_PROXY`,
 * over TLS 1.2 or newer. Unlike those of a `NodeHttpHandler` its timers do not keep a finished process alive.
 * @param options - those of a `NodeHttpHandler`: time limits, and an agent, which is used as it is, or options for ours
 */
export function ownTransport(options: NodeHttpHandlerOptions = {}): Transport {
  let agent: Promise<Agent> | undefined;
  return {
    async send(request, signal) {
      agent ??= createAgent(request, options);
      return exchange(request, { agent: await agent, signal, limits: options });
    },
    close: () => {
      void agent?.then(
        (opened) => opened.destroy(),
        () => undefined,
      );
    },
  };
}

interface Way {
  readonly agent: Agent;
  readonly signal: AbortSignal;
  readonly limits: TimeLimits;
}

function exchange(request: HttpRequest, { agent, signal, limits }: Way): Promise<TransportResponse> {
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
    limitTime(sent, limits);
    sent.end(request.body);
  });
}

function flattened(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
