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
  if (device.includes('\0')) return undefined;
  if (device.startsWith('/')) return { kind: 'character device', path: device };
  if (device.startsWith('unix:')) {
    const path = device.slice('unix:'.length);
    return path === '' || isTooLong(path) ? undefined : { kind: 'unix', path };
  }
  return parseTcp(device);
}

/** `sun_path` of Linux, without the zero at its end; what is longer would be cut off without a word, and another socket be used. */
const MOST_PATH_OCTETS = 107;

/** Forms in which other programs name a TPM, and what to give instead. */
const FOREIGN: readonly (readonly [form: RegExp, advice: string])[] = [
  [/^device:\/|^file:\//, 'give the path alone'],
  [/^swtpm(?::|$)/, 'for swtpm give the socket of its `--server`: `unix:/path` or `tcp:host:port`'],
  [
    /^(?:mssim|tpmsim)(?::|$)/,
    'the protocol of the Microsoft simulator is not spoken here; swtpm is one that answers to bare commands',
  ],
  [
    /^(?:tabrmd|abrmd|libtss2-|tctildr|cmd|pcap|tbs)/,
    'the modules of tpm2-tss, and the D-Bus of tpm2-abrmd, are not used here. The kernel shares a TPM too: give /dev/tpmrm0, which works while tpm2-abrmd runs',
  ],
  [/^unix:.{108}/s, `the path of a socket has ${MOST_PATH_OCTETS} octets at most`],
  [/^tcp:[^[]*:[^[]*:/, 'put an IPv6 address in brackets: `tcp:[::1]:2321`'],
];

/** What is wrong with the option `device` when {@link parseAddress} cannot read it, and what to give instead. */
export function deviceProblem(device: unknown): string {
  const [, advice] = FOREIGN.find(([form]) => typeof device === 'string' && form.test(device)) ?? [];
  const forms = '`device` must be the absolute path of a character device, `unix:/path`, or `tcp:host:port`';
  return advice === undefined ? forms : `${forms}: ${advice}`;
}

/** Only what tells an address from a name; whether it is one says the system, when it connects. */
const IPV6 = /^[0-9a-f]*:[0-9a-f:.]*(?:%[\w.@-]+)?$/i;

function isTooLong(path: string): boolean {
  return Buffer.byteLength(path) > MOST_PATH_OCTETS;
}

function parseTcp(device: string): TpmAddress | undefined {
  const [, bracketed, plain, digits] = /^tcp:(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(device) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  if (bracketed !== undefined && !IPV6.test(bracketed)) return undefined;
  return { kind: 'tcp', host, port };
}
