import { isIP } from 'node:net';

/** Where a Workload API is served. */
export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** An endpoint, or what is wrong with its text, in words that follow its name. */
export type ParsedEndpoint = { readonly endpoint: Endpoint } | { readonly problem: string };

/** RFC 3986, appendix B: scheme, authority, path, query, fragment. Any text matches. */
const URI = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/;

/** `sun_path` of Linux has 108 octets, the last of them NUL; a longer path would be cut off without a word. */
const MAXIMUM_PATH_OCTETS = 107;

/**
 * Reads the URI of a Workload API: `unix:///absolute/path`, `unix:/absolute/path` or `tcp://ip:port`, and nothing more.
 *
 * @example
 * parseEndpoint('tcp://127.0.0.1:8081'); // { endpoint: { kind: 'tcp', host: '127.0.0.1', port: 8081 } }
 * @see SPIFFE Workload Endpoint §4; RFC 3986
 */
export function parseEndpoint(text: string): ParsedEndpoint {
  const [, scheme, authority, path = '', query, fragment] = URI.exec(text) ?? [];
  if (query !== undefined) return { problem: 'must have no query (?…)' };
  if (fragment !== undefined) return { problem: 'must have no fragment (#…)' };
  if (scheme?.toLowerCase() === 'unix') return parseUnix(authority, path);
  if (scheme?.toLowerCase() === 'tcp') return parseTcp(authority, path);
  return { problem: 'must begin with unix:// or tcp://, such as unix:///run/spire/agent.sock' };
}

/** The spelling that messages show. */
export function describeEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === 'unix') return `unix://${endpoint.path}`;
  return `tcp://${inBrackets(endpoint.host.replace('%', '%25'))}:${endpoint.port}`;
}

/**
 * `host:port`, with an IPv6 address in brackets and without its zone, which means something on this machine only; what stands
 * for it when there is neither.
 *
 * @see RFC 6874 §1
 */
export function authorityOf(endpoint: Endpoint): string {
  if (endpoint.kind === 'unix') return 'localhost';
  return `${inBrackets(endpoint.host.replace(/%.*$/, ''))}:${endpoint.port}`;
}

function inBrackets(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function parseUnix(authority: string | undefined, encodedPath: string): ParsedEndpoint {
  if (authority !== undefined && authority !== '') {
    return { problem: 'must have no host: three slashes before an absolute path, unix:///run/agent.sock' };
  }
  if (!/^\/+[^/]/.test(encodedPath)) {
    return { problem: 'must have the absolute path of a socket, such as unix:///run/agent.sock' };
  }
  const path = decodePercent(encodedPath);
  if (path === undefined) return { problem: 'has a damaged percent-encoding in its path' };
  // A line end that came along from a file, most often.
  if (/\p{Cc}/u.test(path)) return { problem: 'has a control character, such as a line end, in its path' };
  if (new TextEncoder().encode(path).length > MAXIMUM_PATH_OCTETS) {
    return { problem: `has a path of more than the ${MAXIMUM_PATH_OCTETS} octets that a socket can have` };
  }
  return { endpoint: { kind: 'unix', path } };
}

function parseTcp(authority: string | undefined, path: string): ParsedEndpoint {
  if (path !== '') return { problem: 'must have no path: tcp://127.0.0.1:8081 without a slash after it' };
  if (authority === undefined || authority === '') return { problem: 'must have an IP address and a port' };
  if (authority.includes('@')) return { problem: 'must have no user name or password' };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  // RFC 6874: the % before the zone of a link-local address is itself encoded.
  const host = bracketed === undefined ? plain : decodePercent(bracketed);
  if (host === undefined || isIP(host) !== (bracketed === undefined ? 4 : 6)) {
    return { problem: 'must have an IP address, 127.0.0.1 or [::1], not a host name' };
  }
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535)) return { problem: 'must have a port from 1 to 65535' };
  return { endpoint: { kind: 'tcp', host, port } };
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
