import { CryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';
import type { Cryptoki } from '../module/cryptoki.js';
import type { TokenAttributes } from '../uri/pkcs11-uri.js';
import { isTokenMatch, noTokenError, severalTokensError } from './match-token.js';
import { type FoundToken, readTokens } from './token-facts.js';

/** Which token is wanted. */
export interface TokenSearch {
  readonly attributes: TokenAttributes;
  /** For messages. */
  readonly place: string;
  /** Whether what is wanted can be seen in the token without a PIN. Asked only when several tokens match. */
  holdsWanted(cryptoki: Cryptoki, session: Handle): boolean;
}

/**
 * The one token that matches. Among several it is the one that shows what is wanted without a login: a machine has tokens
 * of trust stores beside that of the key, and a PIN must not be tried on the wrong card.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` listing what is there, when none or several match
 */
export function findToken(cryptoki: Cryptoki, search: TokenSearch): FoundToken {
  const { tokens, problems } = readTokens(cryptoki);
  const matches = tokens.filter(({ facts }) => isTokenMatch(search.attributes, facts));
  if (matches.length === 0)
    throw noTokenError(search.place, { present: tokens.map(({ facts }) => facts), problems });
  const [only] = matches;
  if (matches.length === 1 && only !== undefined) return only;
  const holders = matches.filter((token) => holdsWanted(cryptoki, token, search));
  const [holder] = holders;
  if (holders.length === 1 && holder !== undefined) return holder;
  throw severalTokensError(
    search.place,
    (holders.length > 0 ? holders : matches).map(({ facts }) => facts),
  );
}

function holdsWanted(cryptoki: Cryptoki, token: FoundToken, search: TokenSearch): boolean {
  let session: Handle | undefined;
  try {
    session = cryptoki.openSession(token.slot);
    return search.holdsWanted(cryptoki, session);
  } catch (error) {
    if (error instanceof CryptokiError) return false;
    throw error;
  } finally {
    if (session !== undefined) cryptoki.closeSession(session);
  }
}
