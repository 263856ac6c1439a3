import { beforeEach, describe, expect, test } from '@jest/globals';
import { CKR, CryptokiError } from '../../src/errors/cryptoki-error.js';
import type { Cryptoki } from '../../src/module/cryptoki.js';
import type { TokenMemory } from '../../src/module/module-registry.js';
import { type LogInInit, logIn } from '../../src/token/log-in.js';
import type { FoundToken } from '../../src/token/token-facts.js';

/** A token that SoftHSM cannot be: with a keypad, with one try left, with other answers. It takes `1234`. */
const sent: (readonly [user: number, pin: string])[] = [];
let memory: TokenMemory;
beforeEach(() => {
  sent.splice(0);
  memory = { users: 1, refusedPins: new Set(), acceptedPin: undefined };
});

function initOf(
  pin: string | undefined,
  token: Partial<Pick<FoundToken, 'needsLogin' | 'hasKeypad' | 'isFinalTry'>> = {},
  answer: (pin: string) => number = (given) => (given === '1234' ? 0 : CKR.pinIncorrect),
): LogInInit {
  const cryptoki: Pick<Cryptoki, 'login'> = {
    login: (_, user, given) => {
      sent.push([user, given]);
      const code = answer(given);
      if (code !== 0) throw new CryptokiError('C_Login', code);
    },
  };
  return {
    // The login uses that one function of a module.
    cryptoki: cryptoki as Cryptoki,
    session: Buffer.alloc(8),
    // And these facts of a token.
    token: { needsLogin: true, hasKeypad: false, isFinalTry: false, ...token } as FoundToken,
    memory,
    pin,
    place: 'pkcs11:token=a',
  };
}

describe('a PIN', () => {
  test('that is right is sent, and is what other identities must have', () => {
    logIn(initOf('1234'));
    expect(sent).toEqual([[1, '1234']]);
    expect(() => logIn(initOf('9999'))).toThrow('another PIN opened the token in this process');
    expect(sent).toHaveLength(1);
  });

  test.each([CKR.pinIncorrect, CKR.pinInvalid, CKR.pinLenRange])(
    'that is refused with 0x%x is sent once',
    (code) => {
      for (let count = 0; count < 3; count += 1)
        expect(() => logIn(initOf('9999', {}, () => code))).toThrow(
          expect.objectContaining({ code: 'PASSPHRASE_WRONG' }),
        );
      expect(sent).toHaveLength(1);
    },
  );

  test('that is right makes the memory of wrong ones void', () => {
    expect(() => logIn(initOf('9999'))).toThrow('CKR_PIN_INCORRECT');
    logIn(initOf('1234'));
    memory.acceptedPin = undefined;
    expect(() => logIn(initOf('9999'))).toThrow('CKR_PIN_INCORRECT');
    expect(sent.map(([, pin]) => pin)).toEqual(['9999', '1234', '9999']);
  });

  test('is not taken for wrong because the token answered something else', () => {
    expect(() => logIn(initOf('1234', {}, () => CKR.deviceRemoved))).toThrow('CKR_DEVICE_REMOVED');
    logIn(initOf('1234'));
    expect(sent).toHaveLength(2);
  });

  test('is right when someone else in the process has logged in', () => {
    logIn(initOf('1234', {}, () => CKR.userAlreadyLoggedIn));
    expect(sent).toHaveLength(1);
  });

  test('is not sent when the token has one try left', () => {
    expect(() => logIn(initOf('1234', { isFinalTry: true }))).toThrow(
      'one wrong PIN more would lock the token',
    );
    expect(sent).toEqual([]);
  });

  test('is sent again for an operation that wants it, as such', () => {
    logIn(initOf('1234')).authenticate(Buffer.alloc(8));
    expect(sent).toEqual([
      [1, '1234'],
      [2, '1234'],
    ]);
  });

  test('is never in an error', () => {
    const error = catchError(() => logIn(initOf('5ecret')));
    expect(JSON.stringify([error, error instanceof Error ? [error.message, error.stack] : ''])).not.toContain(
      '5ecret',
    );
  });
});

describe('without a PIN', () => {
  test('a token that wants none is used', () => {
    const { authenticate } = logIn(initOf(undefined, { needsLogin: false }));
    expect(sent).toEqual([]);
    expect(() => authenticate(Buffer.alloc(8))).toThrow('the token needs a PIN');
  });

  test('a token that wants one says so', () => {
    const error = expect.objectContaining({ code: 'PASSPHRASE_REQUIRED' });
    expect(() => logIn(initOf(undefined))).toThrow(error);
  });

  test('a reader with a keypad asks for it itself', () => {
    logIn(initOf(undefined, { hasKeypad: true }, () => 0));
    expect(sent).toEqual([[1, '']]);
  });
});

function catchError(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
