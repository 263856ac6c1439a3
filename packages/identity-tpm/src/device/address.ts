/** Where a TPM is. */
export type TpmAddress =
  | { readonly kind: 'character device'; readonly path: string }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** The kernel's own resource manager: many programs can use it at once. */
export const DEFAULT_DEVICE = '/dev/tpmrm0';

/**
 * Reads what the option `device` says: the absolute path of a character device, `unix:/path`, or `tcp:host:port`
 * (an IPv6 address in brackets). Undefined when it is none of these.
 *
 * @example
 * parseAddress('tcp:127.0.0.1:2321'); // { kind: 'tcp', host: '127.0.0.1', port: 2321 }
 */
export function parseAddress(device: string): TpmAddress | undefined {
  if (device.startsWith('/')) return { kind: 'character device', path: device };
  if (device.startsWith('unix:')) {
    const path = device.slice('unix:'.length);
    return path === '' ? undefined : { kind: 'unix', path };
  }
  return parseTcp(device);
}

/** Only what tells an address from a name; whether it is one says the system, when it connects. */
const IPV6 = /^[0-9a-f]*:[0-9a-f:.]*(?:%\w+)?$/i;

function parseTcp(device: string): TpmAddress | undefined {
  const [, bracketed, plain, digits] = /^tcp:(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(device) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  if (bracketed !== undefined && !IPV6.test(bracketed)) return undefined;
  return { kind: 'tcp', host, port };
}
