import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import type { HttpRequest, NodeHttpHandlerOptions } from '@smithy/types';
import { findProxy } from './proxy.js';
import { quiet } from './quiet-agent.js';

const defaults = {
  keepAlive: true,
  // A router on the way forgets an idle connection sooner than the next refresh comes; a forgotten one would hang.
  timeout: 15_000,
  minVersion: 'TLSv1.2',
} satisfies AgentOptions;

/** Agents of the caller, or options for ours. */
export type AgentSources = Pick<NodeHttpHandlerOptions, 'httpAgent' | 'httpsAgent'>;

/**
 * The connections to the one endpoint that a transport is used with: kept alive, through the proxy of the environment, over
 * TLS 1.2 or newer, and not keeping a finished process alive.
 * @param given - options such as `ca` win over ours; an agent is used as it is, and then the environment is not asked
 * @throws ConfigurationError `INVALID_OPTION` for a proxy that is none
 */
export async function createAgent(request: HttpRequest, given: AgentSources): Promise<HttpAgent> {
  const { protocol, hostname, port } = request;
  const options = protocol === 'https:' ? given.httpsAgent : given.httpAgent;
  if (options !== undefined && isAgent(options)) return options;
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}/`);
  const proxy = await findProxy(url);
  const all = { ...defaults, ...options };
  return quiet(url.protocol === 'https:' ? await httpsAgent(all, proxy) : await httpAgent(all, proxy));
}

async function httpsAgent(options: AgentOptions, proxy: string | undefined): Promise<HttpsAgent> {
  if (proxy === undefined) return new HttpsAgent(options);
  const { HttpsProxyAgent } = await import('hpagent');
  return new HttpsProxyAgent({ ...options, proxy });
}

async function httpAgent(options: AgentOptions, proxy: string | undefined): Promise<HttpAgent> {
  if (proxy === undefined) return new HttpAgent(options);
  const { HttpProxyAgent } = await import('hpagent');
  return new HttpProxyAgent({ ...options, proxy });
}

/** Agents of other packages do not always extend Node's class. */
function isAgent(value: HttpAgent | AgentOptions): value is HttpAgent {
  return 'destroy' in value && typeof value.destroy === 'function';
}
