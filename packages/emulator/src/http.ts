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
  /** How it travels. Absent: whole and at once. */
  readonly delivery?: Delivery;
}

/**
 * How an answer travels when the way is bad. `reset`: the connection is cut instead of an answer; `blackHole`: nothing ever
 * comes, and the connection stays open; `drip`: one byte of the body each so many milliseconds; `truncated`: cut after so
 * many bytes of the body; `huge`: blanks follow the body, so many bytes in all, of unknown length.
 */
export type Delivery =
  | { readonly type: 'reset' }
  | { readonly type: 'blackHole' }
  | { readonly type: 'drip'; readonly milliseconds: number }
  | { readonly type: 'truncated'; readonly bytes: number }
  | { readonly type: 'huge'; readonly bytes: number };

/** A pure HTTP application: no port, no socket. */
export type RawHandler = (request: RawRequest) => Promise<RawResponse>;
