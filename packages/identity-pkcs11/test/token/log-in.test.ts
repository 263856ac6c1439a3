import { beforeEach, describe, expect, test } from '@jest/globals';
import { CKR, CryptokiError } from '../../src/errors/cryptoki-error.js';
import type { Cryptoki } from '../../src/module/cryptoki.js';
import { type TokenMemory, createTokenMemory } from '../../src/module/token-memory.js';
import { type LogInInit, logIn } from '../../src/token/log-in.js';
import type { FoundToken } from '../../src/token/token-facts.js';

/** A token that SoftHSM cannot be: with a keypad, with one try left, with other answers. It takes `1234`. */
const sent: string[] = [];
let memory: TokenMemory;
beforeEach(() => {
  sent.splice(0);
  memory = createTokenMemory();
});

function initOf(
  pin: string | undefined,
  token: Partial<Pick<FoundToken, 'needsLogin' | 'hasKeypad'>> & { readonly isFinalTry?: boolean } = {},
  answer: (pin: string) => number = (given) => (given === '1234' ? 0 : CKR.pinIncorrect),
): LogInInit {
  const cryptoki: Pick<Cryptoki, 'login' | 'tokenInfo'> = {
    async login(_, given) {
      sent.push(given);
      const code = answer(given);
      if (code !== 0) throw new CryptokiError('C_Login', code);
    },
    async tokenInfo() {
      const flags = token.isFinalTry === true ? 0x2_0000 : 0;
      return { label: 'a', manufacturerID: '', model: '', serialNumber: '', flags };
    },
  };
  return {
    // The login uses these functions of a module.
    cryptoki: cryptoki as Cryptoki,
    session: Buffer.alloc(8),
    // And these facts of a token.
    token: { slot: Buffer.alloc(8), needsLogin: true, hasKeypad: false, ...token } as unknown as FoundToken,
    memory,
    pin,
    place: 'pkcs11:token=a',
  };
}

describe('a PIN', () => {
  test('that is right is sent, and is what other identities must have', async () => {
    await logIn(initOf('1234'));
    expect(sent).toEqual(['1234']);
    await expect(logIn(initOf('9999'))).rejects.toThrow('another PIN opened the token in this process');
    expect(sent).toHaveLength(1);
  });

  test.each([CKR.pinIncorrect, CKR.pinInvalid, CKR.pinLenRange])(
    'that is refused with 0x%x is sent once',
    async (code) => {
      for (let count = 0; count < 3; count += 1)
        await expect(logIn(initOf('9999', {}, () => code))).rejects.toMatchObject({
          code: 'PASSPHRASE_WRONG',
        });
      expect(sent).toHaveLength(1);
    },
  );

  test('that is refused is sent once, also by many at the same time', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => logIn(initOf('9999'))));
    expect(results.map(({ status }) => status)).not.toContain('fulfilled');
    expect(sent).toHaveLength(1);
  });

  test('that is right makes the memory of wrong ones void', async () => {
    await expect(logIn(initOf('9999'))).rejects.toThrow('CKR_PIN_INCORRECT');
    await logIn(initOf('1234'));
    memory.acceptedPin = undefined;
    await expect(logIn(initOf('9999'))).rejects.toThrow('CKR_PIN_INCORRECT');
    expect(sent).toEqual(['9999', '1234', '9999']);
  });

  test('is not taken for wrong because the token answered something else', async () => {
    await expect(logIn(initOf('1234', {}, () => CKR.deviceRemoved))).rejects.toThrow('CKR_DEVICE_REMOVED');
    await logIn(initOf('1234'));
    expect(sent).toHaveLength(2);
  });

  test('is neither right nor wrong when someone else in the process has logged in', async () => {
    await logIn(initOf('9999', {}, () => CKR.userAlreadyLoggedIn));
    expect(sent).toHaveLength(1);
    expect(memory.acceptedPin).toBeUndefined();
  });

  test('is not sent when the token has one try left', async () => {
    await expect(logIn(initOf('1234', { isFinalTry: true }))).rejects.toThrow(
      'one wrong PIN more would lock the token',
    );
    expect(sent).toEqual([]);
  });

  test('is not sent when another one was refused just before, and one try is left since', async () => {
    let tries = 2;
    const init = (pin: string): LogInInit => {
      const made = initOf(pin, {}, (given) => {
        if (given !== '1234') tries -= 1;
        return given === '1234' ? 0 : CKR.pinIncorrect;
      });
      const tokenInfo: Cryptoki['tokenInfo'] = async (slot) => ({
        ...(await initOf(pin, { isFinalTry: tries === 1 }).cryptoki.tokenInfo(slot)),
      });
      return { ...made, cryptoki: { ...made.cryptoki, tokenInfo } };
    };
    await Promise.allSettled(['1111', '2222', '3333'].map((pin) => logIn(init(pin))));
    expect([sent, tries]).toEqual([['1111'], 1]);
  });

  test('is given again for an operation that wants it', async () => {
    const { withPin } = await logIn(initOf('1234'));
    expect(await withPin(async (pin) => `with ${pin}`)).toBe('with 1234');
  });

  test('that such an operation refuses is not given again', async () => {
    const { withPin } = await logIn(initOf('1234'));
    let given = 0;
    const refuse = async (): Promise<never> => {
      given += 1;
      throw new CryptokiError('C_Login', CKR.pinIncorrect);
    };
    const results = await Promise.allSettled([withPin(refuse), withPin(refuse)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(given).toBe(1);
    await expect(logIn(initOf('1234'))).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
  });

  test('is never in an error', async () => {
    const error: unknown = await logIn(initOf('5ecret')).catch((reason: unknown) => reason);
    expect(JSON.stringify([error, error instanceof Error ? [error.message, error.stack] : ''])).not.toContain(
      '5ecret',
    );
  });
});

describe('without a PIN', () => {
  test('a token that wants none is used', async () => {
    const { withPin } = await logIn(initOf(undefined, { needsLogin: false }));
    expect(sent).toEqual([]);
    await expect(withPin(async () => 'x')).rejects.toThrow('the token needs a PIN');
  });

  test('a token that wants one says so', async () => {
    await expect(logIn(initOf(undefined))).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
  });

  test('a reader with a keypad asks for it itself, at each login', async () => {
    await logIn(initOf(undefined, { hasKeypad: true }, () => 0));
    expect(sent).toEqual(['']);
  });

  test('what was typed at a keypad may be typed anew after it was wrong', async () => {
    const answers = [CKR.pinIncorrect, 0];
    const init = initOf(undefined, { hasKeypad: true, isFinalTry: true }, () => answers.shift() ?? 0);
    await expect(logIn(init)).rejects.toMatchObject({ symbol: 'CKR_PIN_INCORRECT' });
    await logIn(init);
    expect(sent).toEqual(['', '']);
  });
});
