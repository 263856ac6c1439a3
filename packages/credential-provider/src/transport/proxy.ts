import { ConfigurationError } from '@rolesanywhere/signer';
import { readEnvironment } from '../config/environment.js';
import { bypassesProxy } from './no-proxy.js';

/**
 * The proxy that the environment names for this URL: `HTTPS_PROXY` for https, `HTTP_PROXY` for http, unless `NO_PROXY` names
 * the host; undefined for none. Upper case wins over lower case. The URL may hold a user name and a password.
 * @throws ConfigurationError `INVALID_OPTION` when what is named is not the URL of an HTTP proxy, and for `HTTP_PROXY` in a
 * CGI program, where a client can set it by a header `Proxy`
 * @see golang.org/x/net/http/httpproxy, which AWS's `aws_signing_helper` uses
 */
export function findProxy(url: URL): URL | undefined {
  const isSecure = url.protocol === 'https:';
  const variable = isSecure ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = readEitherCase(variable);
  if (value === undefined) return undefined;
  const hostname = unbracketed(url.hostname);
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  if (bypassesProxy(readEitherCase('NO_PROXY') ?? '', { hostname, port })) return undefined;
  if (!isSecure && readEnvironment('REQUEST_METHOD') !== undefined) {
    const message =
      'HTTP_PROXY is not used in a CGI program (REQUEST_METHOD is set), where a client could have set it. Unset it, or use an https:// endpoint.';
    throw new ConfigurationError({ code: 'INVALID_OPTION', message });
  }
  return parseProxy(value, variable);
}

/** `proxy:3128` is an HTTP proxy, as in Go and curl. */
function parseProxy(value: string, variable: string): URL {
  const address = value.includes('://') ? value : `http://${value}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy !== undefined && /^https?:$/.test(proxy.protocol) && hasReadableUser(proxy)) return proxy;
  // Not repeated: it may hold a password.
  const message = `${variable} is not the URL of a proxy. Give http://host:port or https://host:port, with user name and password percent-encoded.`;
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

function hasReadableUser({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** The header for the user name and password in a proxy's URL; none without. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` };
}

/** A host name as connections need it: an IPv6 address without its brackets. */
export function unbracketed(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function readEitherCase(name: string): string | undefined {
  return readEnvironment(name) ?? readEnvironment(name.toLowerCase());
}
