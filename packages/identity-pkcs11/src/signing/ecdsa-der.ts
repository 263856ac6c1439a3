import { readElements } from '../selection/der.js';

/** P-521 has the longest numbers that are used, 66 octets. */
const MAXIMUM_RAW_BYTES = 132;
/** Of P-256, P-384 and P-521. */
const USUAL_RAW_BYTES: ReadonlySet<number> = new Set([64, 96, MAXIMUM_RAW_BYTES]);
const INTEGER = 0x02;
const SEQUENCE = 0x30;

/**
 * A signature as CKM_ECDSA gives it (r and s of equal length, one after the other) in the DER form that the service wants.
 * What a module gives in that form already stays as it is.
 *
 * @throws RangeError when it is neither: the length is odd, zero, or more than that of P-521
 * @see PKCS#11 2.40 §2.3.1; RFC 3279 §2.2.3 (Ecdsa-Sig-Value)
 */
export function ecdsaDer(raw: Uint8Array): Uint8Array {
  if (!USUAL_RAW_BYTES.has(raw.length) && isDer(raw)) return raw;
  if (raw.length === 0 || raw.length % 2 !== 0 || raw.length > MAXIMUM_RAW_BYTES)
    throw new RangeError(`an ECDSA signature of ${raw.length} octets`);
  const half = raw.length / 2;
  return element(SEQUENCE, [...integer(raw.subarray(0, half)), ...integer(raw.subarray(half))]);
}

/** A SEQUENCE of two INTEGERs and nothing else. */
function isDer(bytes: Uint8Array): boolean {
  try {
    const [sequence, ...rest] = readElements(bytes);
    if (sequence?.tag !== SEQUENCE || rest.length > 0) return false;
    const numbers = readElements(sequence.content);
    return numbers.length === 2 && numbers.every(({ tag, content }) => tag === INTEGER && content.length > 0);
  } catch {
    return false;
  }
}
/** Leading zeros go, and one comes back where the number would read as negative (X.690 §8.3). */
function integer(magnitude: Uint8Array): Uint8Array {
  const first = magnitude.findIndex((octet) => octet !== 0);
  const digits = first < 0 ? [0] : [...magnitude.subarray(first)];
  const isNegative = ((digits[0] ?? 0) & 0x80) !== 0;
  return element(INTEGER, isNegative ? [0, ...digits] : digits);
}

function element(tag: number, content: readonly number[]): Uint8Array {
  const { length } = content;
  return Uint8Array.from([tag, ...(length < 0x80 ? [length] : [0x81, length]), ...content]);
}
