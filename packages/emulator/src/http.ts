/**
 * One HTTP request as it was on the wire. Verification starts from these raw parts, so nothing in them is decoded,
 * merged or reordered.
 */
export interface RawRequest {
  /** As sent, usually upper case. */
  readonly method: string;
  /** The request target as sent: path, and query if any, undecoded. One character per byte. */
  readonly target: string;
  /** Every header in the order and case received; a repeated header appears as often as it was sent. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  /** The message body without its transfer encoding; empty when there was none. */
  readonly body: Uint8Array;
}

/** What a handler answers. Header names are written as given; `content-length` is added by the server. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A pure HTTP application: no port, no socket. */
export type RawHandler = (request: RawRequest) => Promise<RawResponse>;
