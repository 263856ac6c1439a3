/** In the words that follow the endpoint's name. */
export const notAUrl =
  'is not a URL; give one like https://vpce-0123.rolesanywhere.eu-central-1.vpce.amazonaws.com';

/** Says what is wrong with the text of an endpoint, in the words that follow its name; undefined when nothing is. */
export function findEndpointProblem(endpoint: string): string | undefined {
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch {
    // Nothing of the text is repeated: it may hold a password.
    return notAUrl;
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return `must begin with https:// or http://, not ${url.protocol}`;
  }
  if (url.username === '' && url.password === '' && url.hash === '') return undefined;
  return 'must hold neither a user name nor a fragment; remove them';
}
