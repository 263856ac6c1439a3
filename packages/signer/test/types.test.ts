import type { KeyObject } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { HttpRequest } from '@smithy/types';
import {
  type FromPemInit,
  type IdentityErrorCode,
  type SigningKey,
  type X509Identity,
  type X509IdentityProvider,
  createSigningKey,
  createX509Identity,
  fromPem,
  fromPemFiles,
  isRolesAnywhereError,
  signRequest,
} from '../src/index.js';

interface Given {
  readonly keyObject: KeyObject;
  readonly cryptoKey: CryptoKey;
  readonly request: HttpRequest;
  readonly identity: X509Identity;
  readonly error: unknown;
}

/** Never called: the type checker is the test. */
function typesThatHold({ keyObject, cryptoKey, request, identity }: Given): unknown {
  const keys: SigningKey[] = [
    createSigningKey(keyObject),
    createSigningKey(cryptoKey),
    createSigningKey({ algorithm: 'AWS4-X509-MLDSA', sign: async (message) => message }),
  ];
  const providers: X509IdentityProvider[] = [
    fromPem({ certificate: '', privateKey: new Uint8Array(), passphrase: () => 'x' }),
    fromPemFiles({ certificate: 'a', passphrase: async () => 'x' }),
    fromPemFiles({ certificate: 'a', passphrase: { file: '/run/secrets/passphrase' } }),
    fromPemFiles({ certificate: 'a', passphrase: { environment: 'PASSPHRASE' } }),
    fromPem({ certificate: '', privateKey: undefined, chain: undefined, passphrase: undefined }),
    fromPemFiles({ certificate: 'a', privateKey: undefined, chain: undefined, passphrase: undefined }),
    () => createX509Identity({ certificate: identity.certificate, chain: identity.chain, key: identity.key }),
  ];
  const signed: Promise<HttpRequest> = signRequest(request, { identity, region: 'x' });
  return { keys, providers, signed };
}

function typesThatDoNot({ request, identity, error }: Given): unknown {
  // @ts-expect-error a region is needed
  void signRequest(request, { identity });
  // @ts-expect-error an algorithm of another protocol
  createSigningKey({ algorithm: 'AWS4-HMAC-SHA256', sign: async (message: Uint8Array) => message });
  // @ts-expect-error signing is asynchronous
  createSigningKey({ algorithm: 'AWS4-X509-RSA-SHA256', sign: (message: Uint8Array) => message });
  // @ts-expect-error an identity is read-only
  identity.expiration = new Date();
  // @ts-expect-error the certificate is needed
  const init: FromPemInit = { privateKey: '' };
  // @ts-expect-error a passphrase is not bytes
  fromPemFiles({ certificate: 'a', passphrase: new Uint8Array() });
  // @ts-expect-error a function answers with a text
  fromPemFiles({ certificate: 'a', passphrase: async () => 5 });
  // @ts-expect-error no such place
  fromPemFiles({ certificate: 'a', passphrase: { variable: 'PASSPHRASE' } });
  // @ts-expect-error paths are text
  fromPemFiles({ certificate: new Uint8Array() });
  // @ts-expect-error no such code
  const code: IdentityErrorCode = 'KEY_MISMATCH';
  if (isRolesAnywhereError(error)) return [init, code, error.code.toUpperCase(), error.tryNextLink];
  // @ts-expect-error nothing is known about other errors
  return error.code;
}

test('the type checker reads this file', () => {
  expect([typeof typesThatHold, typeof typesThatDoNot]).toEqual(['function', 'function']);
});
