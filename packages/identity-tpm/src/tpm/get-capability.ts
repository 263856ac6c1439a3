import type { TpmCommand } from './command.js';
import { type TpmReader, createReader } from './reader.js';
import { u32 } from './writer.js';

const CAPABILITY = { handles: 1, properties: 6 } as const;
const FIRST_TRANSIENT = 0x80000000;
const MOST_VALUES = 254;

/** The handles of all loaded transient objects. @see TPM 2.0 Library Part 3 §30.2 */
export function transientHandles(): TpmCommand<readonly number[]> {
  return getCapability(
    { capability: CAPABILITY.handles, first: FIRST_TRANSIENT, count: MOST_VALUES },
    (list) => {
      const handles = Array.from({ length: bounded(list.u32()) }, () => list.u32());
      return handles.filter((handle) => handle >>> 24 === 0x80);
    },
  );
}

/** Variable properties of a TPM by their number (TPM_PT), from one on. @see TPM 2.0 Library Part 2 §6.13 */
export function properties(first: number, count: number): TpmCommand<ReadonlyMap<number, number>> {
  return getCapability({ capability: CAPABILITY.properties, first, count }, (list) => {
    const pairs = Array.from({ length: bounded(list.u32()) }, () => [list.u32(), list.u32()] as const);
    return new Map(pairs);
  });
}

interface CapabilityQuery {
  readonly capability: number;
  readonly first: number;
  readonly count: number;
}

function getCapability<Answer>(
  { capability, first, count }: CapabilityQuery,
  parseList: (list: TpmReader) => Answer,
): TpmCommand<Answer> {
  return {
    handles: [],
    passwords: [],
    answersHandle: false,
    name: 'TPM2_GetCapability',
    code: 0x17a,
    parameters: Buffer.concat([u32(capability), u32(first), u32(count)]),
    parse(reader) {
      reader.u8();
      if (reader.u32() !== capability) throw new RangeError('another capability than asked for');
      const list = createReader(reader.rest());
      const answer = parseList(list);
      list.end();
      return answer;
    },
  };
}

function bounded(count: number): number {
  if (count > MOST_VALUES) throw new RangeError(`a list of ${count} values`);
  return count;
}
