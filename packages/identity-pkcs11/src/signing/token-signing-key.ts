import { type SigningAlgorithm, type SigningKey, createSigningKey } from '@rolesanywhere/signer';
import { signingErrorOf } from '../errors/pkcs11-identity-error.js';
import type { TokenLink } from '../token/token-link.js';
import type { TokenConnection } from '../token/token-connection.js';
import type { ObjectView } from '../token/token-objects.js';
import { type FoundKey, type KeySearch, findPrivateKey } from './private-key.js';
import { signMessage } from './sign-message.js';

/**
 * The key of a search as a signing key. It is found when the identity is loaded, and again after the token was away, since
 * handles do not outlive that.
 *
 * @throws IdentityError as `findPrivateKey`; `sign` of the key rejects with SigningError `SIGNING_FAILED`
 */
export function tokenSigningKey(link: TokenLink, search: KeySearch, algorithm: SigningAlgorithm): SigningKey {
  const finder = keyFinder(search);
  return createSigningKey({
    algorithm,
    async sign(given) {
      // The caller may use the buffer again before it is this message's turn.
      const message = Uint8Array.from(given);
      try {
        return await link.run(async (connection, session) => {
          const key = await finder(connection, { cryptoki: connection.cryptoki, session });
          return signMessage(connection, { session, key }, message);
        });
      } catch (error) {
        throw signingErrorOf(error, search.place);
      }
    },
  });
}

/** Finds the key once per connection. */
function keyFinder(search: KeySearch): (connection: TokenConnection, view: ObjectView) => Promise<FoundKey> {
  const found = new WeakMap<TokenConnection, FoundKey>();
  return async (connection, view) => {
    const key = found.get(connection) ?? (await findPrivateKey(view, search));
    found.set(connection, key);
    return key;
  };
}
