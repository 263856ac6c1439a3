import { expect, test } from '@jest/globals';
import type { X509IdentityProvider } from '@rolesanywhere/signer';
import { type FromPkcs12Init, fromPkcs12 } from '../src/index.js';

/** Never called: the type checker is the test. */
function typesThatHold(): X509IdentityProvider[] {
  const init: FromPkcs12Init = { file: 'a.p12', data: undefined, passphrase: undefined };
  return [
    fromPkcs12(init),
    fromPkcs12({ file: 'a.p12' }),
    fromPkcs12({ data: new Uint8Array(), passphrase: 'text' }),
    fromPkcs12({ data: Buffer.alloc(1), passphrase: async () => 'text' }),
  ];
}

function typesThatDoNot(): void {
  // @ts-expect-error a path is text
  fromPkcs12({ file: new Uint8Array() });
  // @ts-expect-error bytes are not text
  fromPkcs12({ data: 'MIIK' });
  // @ts-expect-error a passphrase is text
  fromPkcs12({ file: 'a.p12', passphrase: 1234 });
  // @ts-expect-error no such option
  fromPkcs12({ file: 'a.p12', password: 'text' });
  // @ts-expect-error nothing is held open
  void fromPkcs12({ file: 'a.p12' }).close();
}

test('the type checker reads this file', () => {
  expect([typeof typesThatHold, typeof typesThatDoNot]).toEqual(['function', 'function']);
});
