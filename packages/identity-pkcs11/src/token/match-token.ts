import { IdentityError } from '@rolesanywhere/signer';
import type { LibraryVersion, TokenAttributes } from '../uri/pkcs11-uri.js';
import type { TokenFacts } from './token-facts.js';

/** What there is when no token matches. */
export interface Unmatched {
  readonly present: readonly TokenFacts[];
  /** Of slots that could not be looked at. */
  readonly problems: readonly Error[];
}

/** No token matches. A module that is started anew may see one. */
export class NoTokenError extends IdentityError {}

/** How attributes are called in a URI. */
const NAMES = [
  ['token', 'token'],
  ['serial', 'serial'],
  ['slotId', 'slot-id'],
  ['model', 'model'],
  ['manufacturer', 'manufacturer'],
  ['slotDescription', 'slot-description'],
  ['slotManufacturer', 'slot-manufacturer'],
  ['libraryDescription', 'library-description'],
  ['libraryManufacturer', 'library-manufacturer'],
  ['libraryVersion', 'library-version'],
] as const satisfies readonly (readonly [keyof TokenAttributes, string])[];
/** Those that are shown, in the order in which they are good to tell tokens apart. */
const SHOWN = NAMES.slice(0, 3);
/** Enough to see which one was meant. */
const MOST_SHOWN = 10;

/** True when every attribute that was asked for is that of the token. */
export function isTokenMatch(wanted: TokenAttributes, token: TokenFacts): boolean {
  return NAMES.every(([name]) => wanted[name] === undefined || textOf(wanted[name]) === textOf(token[name]));
}

/**
 * The attributes for tokens, taken from all URIs.
 *
 * @returns the names on which they contradict each other instead, if there are any
 */
export function mergeTokenAttributes(
  uris: readonly TokenAttributes[],
): TokenAttributes | { readonly conflicts: readonly string[] } {
  const conflicts = NAMES.filter(
    ([name]) => new Set(uris.flatMap((uri) => (uri[name] === undefined ? [] : [textOf(uri[name])]))).size > 1,
  );
  if (conflicts.length > 0) return { conflicts: conflicts.map(([, shown]) => shown) };
  const merged: TokenAttributes = {};
  for (const uri of uris) Object.assign(merged, uri);
  return merged;
}

/** No token is the wanted one: lists those that are there. @returns an IdentityError `IDENTITY_UNAVAILABLE` */
export function noTokenError(place: string, { present, problems }: Unmatched): NoTokenError {
  const seen =
    present.length === 0
      ? 'the module sees no token at all. Insert it, or check the configuration of the module (for SoftHSM: SOFTHSM2_CONF).'
      : `these are present: ${listTokens(present)}. Insert the token, or correct the URI.`;
  const unread = problems.map(({ message }) => ` A slot does not tell what is in it: ${message}`).slice(0, 1);
  const message = `${place}: no token matches; ${seen}${unread.join('')}`;
  return new NoTokenError({ code: 'IDENTITY_UNAVAILABLE', message, cause: problems[0] });
}

/** Several are: lists them, and names the attribute to add. @returns an IdentityError `IDENTITY_UNAVAILABLE` */
export function severalTokensError(place: string, matches: readonly TokenFacts[]): IdentityError {
  const message = `${place}: ${matches.length} tokens match: ${listTokens(matches)}. Add ${distinguishing(matches)} to the URI.`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

/** The first attribute that each of them has a value of its own for. */
function distinguishing(tokens: readonly TokenFacts[]): string {
  const found = SHOWN.find(
    ([name]) => new Set(tokens.map((token) => textOf(token[name]))).size === tokens.length,
  );
  return found === undefined ? '`token` and `serial`' : `\`${found[1]}\``;
}

function listTokens(tokens: readonly TokenFacts[]): string {
  const shown = tokens.slice(0, MOST_SHOWN).map(tokenText);
  const rest = tokens.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

/** As it would be written in a URI. */
function tokenText(token: TokenFacts): string {
  return SHOWN.map(([name, shown]) => `${shown}=${encodeURIComponent(textOf(token[name]))}`).join(';');
}

function textOf(value: string | bigint | LibraryVersion | undefined): string {
  return typeof value === 'object' ? `${value.major}.${value.minor}` : String(value);
}
