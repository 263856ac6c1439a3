import type { HttpRequest } from '@smithy/types';

/** An answer, read to its end. */
export interface TransportResponse {
  /** HTTP status; 0 for a redirect that a browser hides. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The way to the network. Redirects are not followed. */
export interface Transport {
  /**
   * Sends one request and reads the whole answer.
   * Rejects with whatever the network throws, with {@link BodyTooLargeError}, or with the signal's reason.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<TransportResponse>;
  /** Closes what this transport opened; never a handler that was given to it. */
  close(): void;
}
