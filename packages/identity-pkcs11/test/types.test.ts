import { expect, test } from '@jest/globals';
import type { X509IdentityProvider } from '@rolesanywhere/signer';
import {
  type CertificateSelector,
  type FromPkcs11Init,
  type Pkcs11IdentityProvider,
  fromPkcs11,
} from '../src/index.js';

/** Never called: the type checker is the test. */
function typesThatHold(): unknown {
  const provider: Pkcs11IdentityProvider = fromPkcs11({ certificate: 'pkcs11:token=hsm' });
  const plain: X509IdentityProvider = provider;
  const selector: CertificateSelector = { subject: 'CN=server', issuer: undefined, serial: '01' };
  const inits: FromPkcs11Init[] = [
    { certificate: 'server.crt', privateKey: 'pkcs11:token=hsm', chain: 'chain.pem', module: '/lib/hsm.so' },
    { certificate: 'pkcs11:', pin: async () => '1234', selector, latestExpiring: true, maxSessions: 2 },
    { certificate: 'pkcs11:', privateKey: undefined, pin: undefined, module: undefined, selector: undefined },
  ];
  const closed: Promise<void> = provider.close();
  return { plain, inits, closed };
}

function typesThatDoNot(): unknown {
  // @ts-expect-error the certificate is needed
  const init: FromPkcs11Init = { privateKey: 'pkcs11:' };
  // @ts-expect-error a PIN is text
  fromPkcs11({ certificate: 'pkcs11:', pin: 1234 });
  // @ts-expect-error a serial number is hexadecimal text
  fromPkcs11({ certificate: 'pkcs11:', selector: { serial: 1 } });
  // @ts-expect-error no such option
  fromPkcs11({ certificate: 'pkcs11:', password: '1234' });
  return init;
}

test('the types are checked by the compiler', () => {
  expect([typeof typesThatHold, typeof typesThatDoNot]).toEqual(['function', 'function']);
});
