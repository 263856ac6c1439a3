import { BlockList, isIP } from 'node:net';

/** A host and port as a connection needs them. */
export interface HostAndPort {
  /** In lower case, an IPv6 address without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/**
 * True when `NO_PROXY` names this host: `*`; an address; a network such as `10.0.0.0/8`; `example.com`, which stands for
 * itself and every name below; `.example.com` or `*.example.com`, which stand for the names below. Each but a network may
 * end in a port. Separated by commas. `localhost` and loopback addresses never go through a proxy.
 * @see golang.org/x/net/http/httpproxy, which AWS's `aws_signing_helper` uses
 */
export function bypassesProxy(noProxy: string, target: HostAndPort): boolean {
  if (target.hostname === 'localhost' || isInNetwork(target.hostname, loopback)) return true;
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry === '*' || names(entry, target));
}

const loopback = [
  ['127.0.0.0', 8],
  ['::1', 128],
] as const;

function names(entry: string, target: HostAndPort): boolean {
  const network = /^([\d.]+|[\da-f:.]*:[\da-f:.]*)\/(\d{1,3})$/.exec(entry);
  if (network !== null) return isInNetwork(target.hostname, [[network[1] ?? '', Number(network[2])]]);
  const { host, port } = split(entry);
  if (port !== undefined && port !== target.port) return false;
  if (isIP(host) > 0) return isInNetwork(target.hostname, [[host, isIP(host) === 4 ? 32 : 128]]);
  const suffix = host.replace(/^\*?\./, '');
  if (suffix === '') return false;
  return target.hostname.endsWith(`.${suffix}`) || (suffix === host && target.hostname === host);
}

/** `host`, `host:port`, `::1`, `[::1]`, `[::1]:port`. */
function split(entry: string): { readonly host: string; readonly port: number | undefined } {
  const [, bracketed, plain = entry, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  return { host: bracketed ?? plain, port: port === undefined ? undefined : Number(port) };
}

function isInNetwork(
  hostname: string,
  networks: readonly (readonly [address: string, prefix: number])[],
): boolean {
  const family = isIP(hostname);
  if (family === 0) return false;
  const list = new BlockList();
  for (const [address, prefix] of networks) {
    const ofAddress = isIP(address);
    // The list would take every IPv4 address for one of the mapped ones in `::/0`.
    if (ofAddress === 0 || ofAddress > family || prefix > (ofAddress === 4 ? 32 : 128)) continue;
    list.addSubnet(address, prefix, ofAddress === 4 ? 'ipv4' : 'ipv6');
  }
  return list.check(hostname, family === 4 ? 'ipv4' : 'ipv6');
}
