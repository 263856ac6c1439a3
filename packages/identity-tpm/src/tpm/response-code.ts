import { FORMAT_ONE, FORMAT_ZERO, SOFTWARE, WARNINGS, type CodeMeaning } from './response-code-names.js';

/** A response code, taken apart. */
export interface ResponseCode {
  /** As it was sent. */
  readonly value: number;
  /** The name of the standard, such as `TPM_RC_AUTH_FAIL`; `unknown` for codes that it does not have. */
  readonly symbol: string;
  readonly meaning: string;
  /** A warning is not the fault of the command, which may be sent again later. */
  readonly isWarning: boolean;
  /** What of the command was refused: `parameter 2`, `handle 1`, `session 1`. */
  readonly subject?: string;
  /** The software between that answered in place of the TPM, such as `resource manager`. */
  readonly layer?: string;
}

/** Bits 16 to 23: who answered. @see TCG TSS 2.0 Overview and Common Structures §3.12.2 */
const LAYERS: Readonly<Record<number, string>> = {
  6: 'feature API',
  7: 'enhanced system API',
  8: 'system API',
  9: 'marshaling layer',
  10: 'transmission interface',
  11: 'resource manager',
  12: 'resource manager',
  13: 'TPM driver',
};

/** The TPM itself, and a resource manager that answers in its place with its codes. */
const TPM_CODES: ReadonlySet<number> = new Set([0, 11]);

/**
 * Takes a response code apart: format zero, format one with its parameter, handle or session, warnings, and the layer of
 * software that it may come from.
 *
 * @param value - the code of a response, not zero
 * @example
 * decodeResponseCode(0x98e); // { symbol: 'TPM_RC_AUTH_FAIL', subject: 'session 1', … }
 * @see TPM 2.0 Library Part 1 §39 (response code evaluation), Part 2 §6.6 (TPM_RC)
 */
export function decodeResponseCode(value: number): ResponseCode {
  const layerNumber = value >>> 16;
  const layer =
    layerNumber === 0 ? {} : { layer: LAYERS[layerNumber & 0xff] ?? `software layer ${layerNumber}` };
  const code = value & 0xffff;
  if (!TPM_CODES.has(layerNumber)) return { value, ...formatOfSoftware(code), ...layer };
  return { value, ...((code & 0x80) === 0 ? formatZero(code) : formatOne(code)), ...layer };
}

/** A code in a sentence: `TPM_RC_AUTH_FAIL (0x98e, session 1): …`. */
export function describeResponseCode({ value, symbol, meaning, subject, layer }: ResponseCode): string {
  const where = [`0x${value.toString(16)}`, subject, layer === undefined ? undefined : `from the ${layer}`];
  return `${symbol} (${where.filter((part) => part !== undefined).join(', ')}): ${meaning}`;
}

type Decoded = Omit<ResponseCode, 'value' | 'layer'>;

function formatOfSoftware(code: number): Decoded {
  const known = SOFTWARE[code];
  if (known === undefined) return unknown('a code that is not in the standard', false);
  const [symbol, meaning] = known;
  return { symbol: `TSS2_BASE_RC_${symbol}`, meaning, isWarning: symbol === 'TRY_AGAIN' };
}

/** Bits 0 to 6 are the number, bit 8 says TPM 2.0, bit 10 is the vendor's, bit 11 says warning. */
function formatZero(code: number): Decoded {
  const isWarning = (code & 0x800) !== 0;
  if ((code & 0x400) !== 0) return unknown('a code of the maker of this TPM', isWarning);
  if ((code & 0x100) === 0) return unknown('a code of TPM 1.2: this is not a TPM 2.0', false);
  const known = (isWarning ? WARNINGS : FORMAT_ZERO)[code & 0x7f];
  return known === undefined
    ? unknown('a code that is not in the standard', isWarning)
    : named(known, isWarning);
}

/** Bits 0 to 5 are the number, bit 6 says parameter, bits 8 to 11 tell which; without it bit 11 tells session from handle. */
function formatOne(code: number): Decoded {
  const number = (code >>> 8) & 0xf;
  const known = FORMAT_ONE[code & 0x3f];
  const decoded =
    known === undefined ? unknown('a code that is not in the standard', false) : named(known, false);
  const subject = subjectOf((code & 0x40) !== 0, number);
  return subject === undefined ? decoded : { ...decoded, subject };
}

function subjectOf(isParameter: boolean, number: number): string | undefined {
  if (isParameter) return number === 0 ? undefined : `parameter ${number}`;
  if ((number & 7) === 0) return undefined;
  return number > 8 ? `session ${number - 8}` : `handle ${number}`;
}

function named([symbol, meaning]: CodeMeaning, isWarning: boolean): Decoded {
  return { symbol: `TPM_RC_${symbol}`, meaning, isWarning };
}

function unknown(meaning: string, isWarning: boolean): Decoded {
  return { symbol: 'unknown', meaning, isWarning };
}
