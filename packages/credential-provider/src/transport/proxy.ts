import { ConfigurationError } from '@rolesanywhere/signer';
import { readEnvironment } from '../config/environment.js';

const variables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];

/**
 * The proxy that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` (either case) name for this URL; undefined for
 * none. The URL may hold a user name and a password. Loopback addresses never go through a proxy, as with AWS's
 * `aws_signing_helper`.
 * @throws ConfigurationError `INVALID_OPTION` when what is named is not the URL of an HTTP proxy
 */
export async function findProxy(url: URL): Promise<string | undefined> {
  if (!variables.some((name) => readEnvironment(name) !== undefined) || isLoopback(url.hostname))
    return undefined;
  // For those who have a proxy, and only they load it; so with the agents in own-transport.ts.
  const { getProxyForUrl } = await import('proxy-from-env');
  const proxy = withScheme(getProxyForUrl(url.href));
  if (proxy === '') return undefined;
  if (isProxyUrl(proxy)) return proxy;
  // Not repeated: it may hold a password.
  const message = `The proxy that the environment names for ${url.host} is not an http:// or https:// URL. Check HTTPS_PROXY.`;
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

/** `proxy:3128` is an HTTP proxy, as in Go and curl; the package above would take it for one that is spoken to by TLS. */
function withScheme(proxy: string): string {
  const named = variables.some((name) => `https://${readEnvironment(name)}` === proxy);
  return named ? proxy.replace('https:', 'http:') : proxy;
}

function isProxyUrl(proxy: string): boolean {
  return URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
