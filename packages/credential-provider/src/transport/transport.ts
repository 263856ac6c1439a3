import type { HttpRequest } from '@smithy/types';

/** What comes before the body of an answer. */
export interface AnswerHead {
  /** HTTP status; 0 for a redirect that a browser hides. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer, read to its end. */
export interface TransportResponse extends AnswerHead {
  readonly body: Uint8Array;
}

/** Where a request goes. */
export type TransportTarget = Pick<HttpRequest, 'protocol' | 'hostname' | 'port'>;

/** The way to the network. Redirects are not followed. */
export interface Transport {
  /**
   * Sends one request and reads the whole answer.
   * Rejects with whatever the network throws, with {@link BodyTooLargeError}, or with the signal's reason.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<TransportResponse>;
  /**
   * A transport for one call that connects at once, while the call still gets its identity and signs; absent where that cannot
   * be done. What goes wrong shows when it sends. To be closed after the call.
   */
  connect?(target: TransportTarget): Transport;
  /** Closes what this transport opened; never a handler that was given to it. */
  close(): void;
}
