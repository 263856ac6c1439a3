import type { HttpRequest } from '@smithy/types';

/** Path and query as they are sent, which is as they were signed: escaped by RFC 3986. */
export function requestTarget({ path, query = {} }: HttpRequest): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${escape(name)}=${escape(String(value ?? ''))}`,
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** `encodeURIComponent` leaves five characters alone that RFC 3986 §2.2 reserves. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
