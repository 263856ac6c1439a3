import { expect, test } from '@jest/globals';
import type { X509IdentityProvider } from '@rolesanywhere/signer';
import { type FromTpmInit, type TpmIdentityProvider, fromTpm } from '../src/index.js';

const files = { certificate: 'server.crt', privateKey: 'server.pem' };

test('the types allow what is meant', () => {
  const provider: TpmIdentityProvider = fromTpm(files);
  const identity: X509IdentityProvider = provider;
  const close: Promise<void> = provider.close();
  const all: FromTpmInit = {
    ...files,
    chain: 'chain.pem',
    device: 'tcp:127.0.0.1:2321',
    password: async () => 'secret',
    parentPassword: 'secret',
    responseTimeoutMilliseconds: 5000,
  };
  const absent: FromTpmInit = { ...files, chain: undefined, password: undefined };
  expect([identity, close, all, absent]).toHaveLength(4);
});

test('the types refuse what is not meant', () => {
  const mistakes = [
    // @ts-expect-error the certificate is needed
    () => fromTpm({ privateKey: 'server.pem' }),
    // @ts-expect-error the key is needed
    () => fromTpm({ certificate: 'server.crt' }),
    // @ts-expect-error a handle is given as text
    () => fromTpm({ ...files, privateKey: 0x81000001 }),
    // @ts-expect-error the key has a password, not a passphrase
    () => fromTpm({ ...files, passphrase: 'secret' }),
    // @ts-expect-error a password is text
    () => fromTpm({ ...files, password: Buffer.from('secret') }),
  ];
  expect(mistakes).toHaveLength(5);
});
