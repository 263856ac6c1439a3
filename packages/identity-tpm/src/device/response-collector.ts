import { declaredSize } from '../tpm/response.js';
import { malformed } from '../tpm/tpm-error.js';

/** Puts a response together from the pieces that arrive. */
export interface ResponseCollector {
  /**
   * Takes a piece.
   *
   * @returns the response when it is whole
   * @throws TpmError `malformed` when it is too large, no response at all, or something follows it
   */
  add(piece: Uint8Array): Uint8Array | undefined;
}

/** A collector for one response; it never keeps more than the largest response and one piece. */
export function createResponseCollector(): ResponseCollector {
  let received = new Uint8Array(0);
  return {
    add(piece) {
      received = Buffer.concat([received, piece]);
      const size = declaredSize(received);
      if (size === undefined || received.length < size) return undefined;
      if (received.length > size) throw malformed('it sent more than one response to a command');
      return received;
    },
  };
}
