import { pemBlocks } from './pem-blocks.js';

/**
 * The DER values of an input that is either DER bytes (one value) or PEM text with blocks of the given labels.
 * Bytes count as DER when they begin with the octet of a SEQUENCE, which no PEM text does.
 *
 * @throws Error when a PEM text has no such block or a broken one
 */
export function derInputs(input: string | Uint8Array, labels: readonly string[]): Uint8Array[] {
  if (typeof input !== 'string' && input[0] === 0x30) return [input];
  const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
  const blocks = pemBlocks(text, labels);
  if (blocks.length === 0) throw new Error(`no PEM block "${labels[0]}" and not DER`);
  return blocks.map(({ der }) => der);
}
