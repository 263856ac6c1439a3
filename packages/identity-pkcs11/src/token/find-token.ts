import { CryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';
import type { Cryptoki } from '../module/cryptoki.js';
import { quietly } from '../module/running-module.js';
import type { TokenAttributes } from '../uri/pkcs11-uri.js';
import { isTokenMatch, noTokenError, severalTokensError } from './match-token.js';
import { type FoundToken, readTokens } from './token-facts.js';

/** Which token is wanted. */
export interface TokenSearch {
  readonly attributes: TokenAttributes;
  /** For messages. */
  readonly place: string;
  /** Whether what is wanted can be seen in the token without a PIN. Asked only when several tokens match. */
  holdsWanted(cryptoki: Cryptoki, session: Handle): Promise<boolean>;
}

/**
 * The one token that matches. Among several it is the one that shows what is wanted without a login: a machine has tokens
 * of trust stores beside that of the key, and a PIN must not be tried on the wrong card.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` listing what is there, when none or several match
 */
export async function findToken(cryptoki: Cryptoki, search: TokenSearch): Promise<FoundToken> {
  const { tokens, problems } = await readTokens(cryptoki);
  const matches = tokens.filter(({ facts }) => isTokenMatch(search.attributes, facts));
  if (matches.length === 0)
    throw noTokenError(search.place, { present: tokens.map(({ facts }) => facts), problems });
  const [only] = matches;
  if (matches.length === 1 && only !== undefined) return only;
  const verdicts = await Promise.all(matches.map((token) => holdsWanted(cryptoki, token, search)));
  const holders = matches.filter((_, index) => verdicts[index]);
  const [holder] = holders;
  if (holders.length === 1 && holder !== undefined) return holder;
  throw severalTokensError(
    search.place,
    (holders.length > 0 ? holders : matches).map(({ facts }) => facts),
  );
}

async function holdsWanted(cryptoki: Cryptoki, token: FoundToken, search: TokenSearch): Promise<boolean> {
  let session: Handle | undefined;
  try {
    session = await cryptoki.openSession(token.slot);
    return await search.holdsWanted(cryptoki, session);
  } catch (error) {
    if (error instanceof CryptokiError) return false;
    throw error;
  } finally {
    const opened = session;
    if (opened !== undefined) await quietly(() => cryptoki.closeSession(opened));
  }
}
