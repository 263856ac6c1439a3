import { expect, test } from '@jest/globals';
import * as emulator from '../src/index.js';

test('the package exports exactly these values', () => {
  expect(Object.keys(emulator).toSorted()).toEqual([
    'ControlPlaneError',
    'MintError',
    'REFUSAL_REASONS',
    'SECRET_REFUSALS',
    'canonicalRequest',
    'createEmulator',
    'listen',
    'mintByAssumeRole',
    'mintMadeUp',
    'parseAuthorization',
    'parseLongDate',
    'signWithSecret',
    'stringToSign',
    'verifyWithCertificate',
    'verifyWithSecret',
  ]);
});
