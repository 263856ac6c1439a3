import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  isTokenMatch,
  mergeTokenAttributes,
  noTokenError,
  severalTokensError,
} from '../../src/token/match-token.js';
import { CKR, CryptokiError } from '../../src/errors/cryptoki-error.js';
import type { TokenFacts } from '../../src/token/token-facts.js';

const TOKEN: TokenFacts = {
  token: 'my hsm',
  manufacturer: 'Example',
  serial: '0001',
  model: 'M1',
  slotId: 0n,
  slotDescription: 'Reader 1',
  slotManufacturer: 'Readers',
  libraryDescription: 'Library',
  libraryManufacturer: 'Libraries',
  libraryVersion: { major: 2, minor: 40 },
};
const OTHERS: TokenFacts = {
  token: 'other',
  manufacturer: 'other',
  serial: '0002',
  model: 'other',
  slotId: 1n,
  slotDescription: 'other',
  slotManufacturer: 'other',
  libraryDescription: 'other',
  libraryManufacturer: 'other',
  libraryVersion: { major: 2, minor: 4 },
};
const NAMES = Object.keys(TOKEN) as (keyof TokenFacts)[];

describe('a token', () => {
  test('matches when nothing is asked for', () => {
    expect(isTokenMatch({}, TOKEN)).toBe(true);
  });

  test.each(NAMES)('is told by its %s', (name) => {
    expect(isTokenMatch({ [name]: TOKEN[name] }, TOKEN)).toBe(true);
    expect(isTokenMatch({ [name]: OTHERS[name] }, TOKEN)).toBe(false);
  });

  test('in slot 0 is told from one in slot 1', () => {
    expect([isTokenMatch({ slotId: 0n }, TOKEN), isTokenMatch({ slotId: 0n }, OTHERS)]).toEqual([
      true,
      false,
    ]);
  });

  test('matches just when all that is asked for is right', () => {
    fc.assert(
      fc.property(fc.subarray(NAMES), fc.subarray(NAMES), (right, wrong) => {
        const wanted = Object.fromEntries([
          ...right.map((name) => [name, TOKEN[name]]),
          ...wrong.map((name) => [name, OTHERS[name]]),
        ]);
        expect(isTokenMatch(wanted, TOKEN)).toBe(wrong.length === 0);
      }),
    );
  });
});

describe('the attributes of two URIs', () => {
  test('are put together', () => {
    expect(
      mergeTokenAttributes([
        { token: 'a', slotId: 1n },
        { token: 'a', serial: '2' },
      ]),
    ).toEqual({
      token: 'a',
      slotId: 1n,
      serial: '2',
    });
  });

  test('are named as they stand in a URI when they contradict each other', () => {
    const uris = [
      { slotId: 1n, libraryVersion: { major: 1, minor: 0 } },
      { slotId: 2n, libraryVersion: { major: 1, minor: 0 } },
    ];
    expect(mergeTokenAttributes(uris)).toEqual({ conflicts: ['slot-id'] });
  });
});

describe('the error', () => {
  test('for no token lists those that are there', () => {
    expect(noTokenError('pkcs11:token=x', { present: [TOKEN], problems: [] }).message).toBe(
      'pkcs11:token=x: no token matches; these are present: token=my%20hsm;serial=0001;slot-id=0. Insert the token, or correct the URI.',
    );
  });

  test('for no token at all says so', () => {
    expect(noTokenError('pkcs11:', { present: [], problems: [] }).message).toContain(
      'the module sees no token at all',
    );
  });

  test('for no token names a slot that could not be looked at', () => {
    const problems = [new CryptokiError('C_GetTokenInfo', CKR.deviceError)];
    const { message } = noTokenError('pkcs11:', { present: [TOKEN], problems });
    expect(message).toContain('A slot does not tell what is in it: C_GetTokenInfo answered CKR_DEVICE_ERROR');
  });

  test.each([
    ['`token`', OTHERS],
    ['`serial`', { ...OTHERS, token: 'my hsm' }],
    ['`slot-id`', { ...OTHERS, token: 'my hsm', serial: '0001' }],
  ])('for several tokens says that %s is to be added', (advice, other) => {
    const { message } = severalTokensError('pkcs11:', [TOKEN, other]);
    expect(message).toContain('2 tokens match: token=my%20hsm;serial=0001;slot-id=0, token=');
    expect(message).toContain(`Add ${advice} to the URI.`);
  });

  test('for very many tokens stays short', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ ...TOKEN, slotId: BigInt(index) }));
    expect(severalTokensError('pkcs11:', many).message).toContain('and 490 more');
  });
});
