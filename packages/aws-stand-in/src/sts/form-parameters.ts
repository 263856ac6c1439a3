import type { RawRequest } from '@rolesanywhere/emulator';

/** Parameters of the query protocol, from the query and from the form in the body; the body wins. */
export function formParameters(request: RawRequest): ReadonlyMap<string, string> {
  const mark = request.target.indexOf('?');
  const query = mark === -1 ? '' : request.target.slice(mark + 1);
  const body = Buffer.from(request.body).toString('utf8');
  return new Map([...new URLSearchParams(query), ...new URLSearchParams(body)]);
}
