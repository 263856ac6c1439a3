import { expect, test } from '@jest/globals';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import type { X509IdentityProvider } from '@rolesanywhere/signer';
import { type FromSpiffeInit, type SpiffeIdentityProvider, fromSpiffe } from '../src/index.js';

/** Never called: the type checker is the test. */
function typesThatHold(init: FromSpiffeInit): unknown {
  const provider: SpiffeIdentityProvider = fromSpiffe();
  const plain: X509IdentityProvider = fromSpiffe(init);
  const closed: Promise<void> = provider.close();
  const options: FromSpiffeInit[] = [
    {},
    { endpoint: 'unix:///run/agent.sock', spiffeId: 'spiffe://a.org/b', hint: 'x', timeoutMilliseconds: 1 },
    { endpoint: undefined, spiffeId: undefined, hint: undefined, timeoutMilliseconds: undefined },
  ];
  return [plain, closed, options, fromRolesAnywhere({ identity: provider })];
}

function typesThatDoNot(provider: SpiffeIdentityProvider, init: FromSpiffeInit): unknown {
  // @ts-expect-error options are one object
  fromSpiffe('unix:///run/agent.sock');
  // @ts-expect-error an endpoint is a text
  fromSpiffe({ endpoint: new URL('unix:///run/agent.sock') });
  // @ts-expect-error no such option
  fromSpiffe({ socket: 'unix:///run/agent.sock' });
  // @ts-expect-error options are read-only
  init.hint = 'x';
  // @ts-expect-error an identity is a promise
  return provider().certificate;
}

test('the type checker reads this file', () => {
  expect([typeof typesThatHold, typeof typesThatDoNot]).toEqual(['function', 'function']);
});
