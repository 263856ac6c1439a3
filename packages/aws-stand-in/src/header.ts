import type { RawRequest } from '@rolesanywhere/emulator';

/**
 * The value of a header, the first one if it was sent more than once.
 *
 * @param name in lower case
 */
export function headerOf(request: RawRequest, name: string): string | undefined {
  return request.rawHeaders.find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}
