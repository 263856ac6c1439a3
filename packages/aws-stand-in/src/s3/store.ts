import type { ChecksumAlgorithm } from './checksum.js';

/** An object as it was put. */
export interface StoredObject {
  readonly key: string;
  readonly body: Uint8Array;
  /** With its quotation marks. */
  readonly etag: string;
  readonly lastModified: Date;
  /** Given back on every read: content type, user metadata and the like. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

/** One part of a multipart upload. */
export type StoredPart = Pick<StoredObject, 'body' | 'etag' | 'lastModified' | 'checksums'>;

/** A multipart upload that is neither complete nor aborted. */
export interface Upload {
  readonly key: string;
  readonly initiated: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, StoredPart>;
}

/** A bucket and what is in it. */
export interface Bucket {
  readonly name: string;
  readonly createdAt: Date;
  readonly objects: Map<string, StoredObject>;
  /** By upload id. */
  readonly uploads: Map<string, Upload>;
}

/** All buckets by name. */
export type Store = Map<string, Bucket>;

/** An empty store. */
export function createStore(): Store {
  return new Map();
}

/** An empty bucket. */
export function createBucketOf(name: string, createdAt: Date): Bucket {
  return { name, createdAt, objects: new Map(), uploads: new Map() };
}
