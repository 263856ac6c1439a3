import { expect, test } from '@jest/globals';
import * as signer from '../src/index.js';

test('the door opens to exactly these', () => {
  expect(Object.keys(signer).toSorted()).toEqual([
    'ConfigurationError',
    'IdentityError',
    'RolesAnywhereError',
    'SigningError',
    'authorization',
    'canonicalRequest',
    'createPassphraseSource',
    'createSigningKey',
    'createX509Identity',
    'findPassphraseProblem',
    'fromPem',
    'fromPemFiles',
    'isRolesAnywhereError',
    'signRequest',
    'stringToSign',
  ]);
});
