import type { StoredObject } from './store.js';

/** Which keys, and how many. */
export interface ListQuery {
  readonly prefix: string;
  /** Empty: none. */
  readonly delimiter: string;
  /** Keys and common prefixes up to and with this one are left out. */
  readonly after: string;
  readonly limit: number;
}

/** One page of a list. Objects and common prefixes count alike towards the limit. */
export interface ListPage {
  readonly objects: readonly StoredObject[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last key or common prefix on the page; empty when the page is. */
  readonly last: string;
}

/** Lists keys in the order of their UTF-8 bytes; what shares the part up to the delimiter is one common prefix. */
export function listPage(objects: ReadonlyMap<string, StoredObject>, query: ListQuery): ListPage {
  const names = new Map<string, StoredObject | undefined>();
  for (const [key, object] of objects) {
    if (!key.startsWith(query.prefix)) continue;
    const prefix = commonPrefix(key, query);
    names.set(prefix ?? key, prefix === undefined ? object : undefined);
  }
  const all = [...names.keys()].filter((name) => compareBytes(name, query.after) > 0).toSorted(compareBytes);
  const page = all.slice(0, query.limit);
  return {
    objects: page.flatMap((name) => names.get(name) ?? []),
    prefixes: page.filter((name) => names.get(name) === undefined),
    isTruncated: query.limit > 0 && all.length > query.limit,
    last: page.at(-1) ?? '',
  };
}

function commonPrefix(key: string, { prefix, delimiter }: ListQuery): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
