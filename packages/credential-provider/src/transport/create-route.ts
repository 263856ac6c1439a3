import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { NodeHttpHandlerOptions } from '@smithy/types';
import { findProxy } from './proxy.js';
import type { TransportTarget } from './transport.js';
import { tunnelAgent } from './tunnel-agent.js';

const defaults = {
  keepAlive: true,
  // A router on the way forgets an idle connection sooner than the next refresh comes; a forgotten one would hang.
  timeout: 15_000,
  minVersion: 'TLSv1.2',
} satisfies AgentOptions;

/** Agents of the caller, or options for ours. */
export type AgentSources = Pick<NodeHttpHandlerOptions, 'httpAgent' | 'httpsAgent'>;

/** How a request gets to its host. */
export interface Route {
  readonly agent: HttpAgent;
  /** A proxy that is handed the whole request, as for plain HTTP. Absent: the agent connects to the host, or tunnels to it. */
  readonly forwarder?: URL;
  /** Ends the connections; absent when the agent is the caller's. */
  readonly close?: () => void;
}

/**
 * The way to the endpoint that a transport is used with: connections kept alive, through the proxy of the environment, over
 * TLS 1.2 or newer.
 * @param given - options such as `ca` win over ours; an agent is used as it is, and then the environment is not asked
 * @throws ConfigurationError `INVALID_OPTION` for a proxy that is none
 */
export function createRoute(target: TransportTarget, given: AgentSources): Route {
  const { protocol, hostname, port } = target;
  const isSecure = protocol === 'https:';
  const options = isSecure ? given.httpsAgent : given.httpAgent;
  if (options !== undefined && isAgent(options)) return { agent: options };
  const proxy = findProxy(new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}/`));
  const all = isSecure ? withContext({ ...defaults, ...options }) : { ...defaults, ...options };
  const agent = isSecure && proxy !== undefined ? tunnelAgent(proxy, all) : directAgent(proxy ?? target, all);
  const close = (): void => agent.destroy();
  return isSecure || proxy === undefined ? { agent, close } : { agent, close, forwarder: proxy };
}

/** Else Node would read the CAs again for every connection. */
function withContext(options: AgentOptions): AgentOptions {
  return { ...options, secureContext: options.secureContext ?? createSecureContext(options) };
}

function directAgent({ protocol }: { readonly protocol: string }, options: AgentOptions): HttpAgent {
  return protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
}

/** Agents of other packages do not always extend Node's class. */
function isAgent(value: HttpAgent | AgentOptions): value is HttpAgent {
  return 'destroy' in value && typeof value.destroy === 'function';
}
