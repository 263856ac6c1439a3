const MAXIMUM_LENGTH = 2048;
const MAXIMUM_TRUST_DOMAIN_LENGTH = 255;

/**
 * True for a SPIFFE ID in its only spelling: lower-case scheme and trust domain, no port, no query, no empty or dotted path
 * segment, no trailing slash; at most 2048 characters.
 *
 * @example
 * isSpiffeId('spiffe://example.org/backend'); // true
 * @see SPIFFE-ID §2
 */
export function isSpiffeId(text: string): boolean {
  const [, trustDomain, path] = /^spiffe:\/\/([a-z0-9._-]+)((?:\/[A-Za-z0-9._-]+)*)$/.exec(text) ?? [];
  if (trustDomain === undefined || path === undefined) return false;
  if (text.length > MAXIMUM_LENGTH || trustDomain.length > MAXIMUM_TRUST_DOMAIN_LENGTH) return false;
  return !path.split('/').some((segment) => segment === '.' || segment === '..');
}
