import type { RawResponse } from '@rolesanywhere/emulator';

import type { Caller } from '../caller.js';
import type { ServiceContext } from '../service-context.js';
import type { Store } from './store.js';

/** What the operations of S3 need. */
export interface S3Context extends ServiceContext {
  /** Absent: any region in a signature is right. */
  readonly region?: string;
  readonly store: Store;
}

/** One verified and authorised call. */
export interface S3Call {
  readonly caller: Caller;
  readonly method: string;
  /** Empty for calls on the service itself. */
  readonly bucket: string;
  /** Empty for calls on a bucket. */
  readonly key: string;
  /** Query parameters, decoded. */
  readonly parameters: ReadonlyMap<string, string>;
  /** A request header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** Every request header, names in lower case, in the order sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without chunks. */
  readonly payload: Uint8Array;
  /** Trailing headers, names in lower case. */
  readonly trailers: ReadonlyMap<string, string>;
  readonly now: Date;
  readonly context: S3Context;
}

/** What one API operation does. Throws ServiceError. */
export type S3Operation = (call: S3Call) => RawResponse;
