import { WorkloadApiError } from '../workload-api/workload-api-error.js';

/** Takes the pieces of a stream as they come and gives whole messages. */
export interface MessageReader {
  /** @throws WorkloadApiError `foreign` for a compressed or too large message */
  read(piece: Uint8Array): Uint8Array[];
  /** Whether the last message was cut off. */
  isInside(): boolean;
}

/** One octet that says whether the message is compressed, four for its length. */
const HEADER_OCTETS = 5;

/**
 * Reads length-prefixed messages. The room for a message is taken once, when its length is known, so that a stream that comes
 * octet by octet takes no more of it than any other.
 *
 * @param limit - octets of the largest message that is taken
 * @see gRPC over HTTP/2, Length-Prefixed-Message
 */
export function createMessageReader(limit: number): MessageReader {
  let part: Uint8Array = new Uint8Array(HEADER_OCTETS);
  let filled = 0;
  let isHeader = true;

  function begin(next: Uint8Array): void {
    isHeader = !isHeader;
    part = next;
    filled = 0;
  }

  /** The finished part: a header begins a message, a message is given. */
  function finish(): Uint8Array[] {
    const finished = part;
    begin(new Uint8Array(isHeader ? lengthOf(finished, limit) : HEADER_OCTETS));
    return isHeader ? [finished] : [];
  }

  return {
    read(piece) {
      const messages: Uint8Array[] = [];
      for (let rest = piece; ;) {
        const taken = rest.subarray(0, part.length - filled);
        part.set(taken, filled);
        filled += taken.length;
        rest = rest.subarray(taken.length);
        // An empty message is finished without another octet.
        if (filled < part.length) return messages;
        messages.push(...finish());
      }
    },
    isInside: () => filled > 0 || !isHeader,
  };
}

/** The frame around a message that is to be sent. */
export function frameMessage(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_OCTETS + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, HEADER_OCTETS);
  return frame;
}

function lengthOf(header: Uint8Array, limit: number): number {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const flag = view.getUint8(0);
  const length = view.getUint32(1);
  if (flag === 1)
    throw foreign('sent a compressed message, which nobody asked for. Turn compression off there.');
  if (flag !== 0) throw foreign('sent something that is no gRPC message. Check that it is a Workload API.');
  if (length > limit) {
    throw foreign(
      `announced a message of ${length} octets, and at most ${limit} are taken. Check that it is a Workload API.`,
    );
  }
  return length;
}

function foreign(message: string): WorkloadApiError {
  return new WorkloadApiError('foreign', message);
}
