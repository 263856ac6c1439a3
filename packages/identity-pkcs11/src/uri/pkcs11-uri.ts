/** What a token holds. */
export const OBJECT_TYPES = ['public', 'private', 'cert', 'secret-key', 'data'] as const;

/** One of {@link OBJECT_TYPES}. */
export type ObjectType = (typeof OBJECT_TYPES)[number];

/** The version of a library; `1` means `1.0`. */
export interface LibraryVersion {
  readonly major: number;
  readonly minor: number;
}

/** Attributes that tell tokens and the slots they are in apart. */
export interface TokenAttributes {
  /** The label of the token. */
  readonly token?: string;
  readonly manufacturer?: string;
  readonly serial?: string;
  readonly model?: string;
  readonly slotId?: bigint;
  readonly slotDescription?: string;
  readonly slotManufacturer?: string;
  readonly libraryDescription?: string;
  readonly libraryManufacturer?: string;
  readonly libraryVersion?: LibraryVersion;
}

/** A `pkcs11:` URI that was read. What is absent matches everything. */
export interface Pkcs11Uri extends TokenAttributes {
  /** CKA_LABEL. */
  readonly object?: string;
  /** CKA_ID. */
  readonly id?: Uint8Array;
  readonly type?: ObjectType;
  /** The PIN itself. */
  readonly pinValue?: string;
  /** A path or a `file:` URI. */
  readonly pinSource?: string;
  readonly moduleName?: string;
  readonly modulePath?: string;
}

/** What stands in a URI under a name. Never holds a value: it may be a PIN. */
export class Pkcs11UriError extends Error {
  override name = 'Pkcs11UriError';
}

/** The part of a URI that may be shown: a PIN stands behind the question mark. */
export function withoutQuery(uri: string): string {
  const [path = ''] = uri.split('?');
  return path;
}
