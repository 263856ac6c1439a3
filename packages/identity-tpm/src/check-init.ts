import { ConfigurationError, findPassphraseProblem } from '@rolesanywhere/signer';
import { DEFAULT_DEVICE, type TpmAddress, deviceProblem, parseAddress } from './device/address.js';
import type { FromTpmInit } from './from-tpm.js';
import { PERSISTENT, handleText, isPersistent } from './tpm/constants.js';

/** Options that were read. */
export interface TpmSettings {
  readonly address: TpmAddress;
  /** As it was given, for messages. */
  readonly device: string;
  /** Of a persistent key; undefined for a key file. */
  readonly handle: number | undefined;
  readonly responseTimeoutMilliseconds: number;
}

const DEFAULT_RESPONSE_TIMEOUT_MILLISECONDS = 30_000;
const LONGEST_RESPONSE_TIMEOUT_MILLISECONDS = 600_000;
const HANDLE = 'handle:';

/**
 * Reads the options, and names every one that is wrong.
 *
 * @throws ConfigurationError `INVALID_OPTION`
 */
export function checkInit(init: FromTpmInit): TpmSettings {
  const { certificate, privateKey, chain, device = DEFAULT_DEVICE } = init;
  const { responseTimeoutMilliseconds = DEFAULT_RESPONSE_TIMEOUT_MILLISECONDS } = init;
  const address = typeof device === 'string' ? parseAddress(device) : undefined;
  const handle = handleOf(privateKey);
  const problems = [
    isPath(certificate) ? undefined : '`certificate` must be the path of a file',
    chain === undefined || isPath(chain) ? undefined : '`chain` must be the path of a file',
    isPath(privateKey) ? undefined : '`privateKey` must be the path of a TSS2 key file, or `handle:0x81…`',
    handle === 'invalid'
      ? `\`privateKey\` must name a persistent handle, \`handle:${handleText(PERSISTENT.first)}\` to \`handle:${handleText(PERSISTENT.last)}\`; make a loaded key persistent with tpm2_evictcontrol`
      : undefined,
    address === undefined ? deviceProblem(device) : undefined,
    findPassphraseProblem(init.password, 'password'),
    findPassphraseProblem(init.parentPassword, 'parentPassword'),
    isTimeout(responseTimeoutMilliseconds)
      ? undefined
      : `\`responseTimeoutMilliseconds\` must be a whole number from 1 to ${LONGEST_RESPONSE_TIMEOUT_MILLISECONDS}`,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0 || address === undefined || handle === 'invalid')
    throw new ConfigurationError({ code: 'INVALID_OPTION', message: `${problems.join('; ')}.` });
  return { address, device, handle, responseTimeoutMilliseconds };
}

/** The `0x` may be left out, as `aws_signing_helper` allows. */
function handleOf(privateKey: unknown): number | 'invalid' | undefined {
  if (typeof privateKey !== 'string' || !privateKey.startsWith(HANDLE)) return undefined;
  const [, digits] = /^(?:0x)?([0-9a-f]{8})$/i.exec(privateKey.slice(HANDLE.length)) ?? [];
  const handle = Number.parseInt(digits ?? '', 16);
  return isPersistent(handle) ? handle : 'invalid';
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}

function isTimeout(value: unknown): boolean {
  return (
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST_RESPONSE_TIMEOUT_MILLISECONDS
  );
}
