import { BodyTooLargeError, readBody } from './read-body.js';
import type { AnswerHead, TransportResponse } from './transport.js';

/**
 * Reads an answer to its end.
 * @throws BodyTooLargeError with the head, when the body is; and what the stream throws
 */
export async function readAnswer(head: AnswerHead, body: unknown): Promise<TransportResponse> {
  try {
    return { ...head, body: await readBody(body) };
  } catch (error) {
    if (error instanceof BodyTooLargeError) throw new BodyTooLargeError(error.message, head);
    throw error;
  }
}
