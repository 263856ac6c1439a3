import { describe, expect, test } from '@jest/globals';
import { isRolesAnywhereError } from '@rolesanywhere/signer';
import { checkInit } from '../src/check-init.js';
import { type FromPkcs11Init, fromPkcs11 } from '../src/index.js';

/** What a caller without types may give. */
function problemsOf(init: object): string {
  try {
    // Wrong on purpose.
    fromPkcs11(init as FromPkcs11Init);
  } catch (error) {
    if (isRolesAnywhereError(error) && error.code === 'INVALID_OPTION') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('the options', () => {
  test.each([
    [{ certificate: 'pkcs11:' }],
    [{ certificate: 'pkcs11:token=a', privateKey: 'pkcs11:token=a;id=%01' }],
    [{ certificate: 'a.crt', privateKey: 'PKCS11:token=a', chain: 'b.pem' }],
    [{ certificate: 'pkcs11:?pin-value=1', privateKey: 'pkcs11:?pin-value=1' }],
    [
      {
        certificate: 'pkcs11:?pin-source=/run/pin&module-name=a',
        selector: { serial: '0xAB' },
        maxSessions: 64,
      },
    ],
    [{ certificate: 'pkcs11:x-vendor=1', pin: () => '1', latestExpiring: true }],
  ])('%j are taken', (init) => {
    expect(problemsOf(init)).toBe('accepted');
  });

  test.each([
    [{}, '`certificate` must be a `pkcs11:` URI or the path of a file'],
    [{ certificate: '' }, '`certificate` must be'],
    [{ certificate: 'a.crt' }, '`privateKey` must be given when `certificate` is a file'],
    [{ certificate: 'pkcs11:', privateKey: 'a.key' }, '`privateKey` must be a `pkcs11:` URI'],
    [{ certificate: 'pkcs11:tokn=a' }, 'the URI in `certificate` has the attribute `tokn`, which is unknown'],
    [{ certificate: 'pkcs11:', privateKey: 'pkcs11:a' }, 'the URI in `privateKey` has an attribute'],
    [{ certificate: 'pkcs11:type=private' }, '`certificate` must not have a `type` other than `cert`'],
    [{ certificate: 'pkcs11:', privateKey: 'pkcs11:type=cert' }, '`privateKey` must not have a `type`'],
    [{ certificate: 'pkcs11:token=a', privateKey: 'pkcs11:token=b' }, 'name different tokens (token)'],
    [
      { certificate: 'pkcs11:?module-path=a', privateKey: 'pkcs11:?module-path=b' },
      'differ in `module-path`',
    ],
    [{ certificate: 'pkcs11:?pin-value=1', pin: '2' }, 'the PIN is given more than once'],
    [
      { certificate: 'pkcs11:?pin-value=1', privateKey: 'pkcs11:?pin-source=a' },
      'the PIN is given more than once',
    ],
    [{ certificate: 'pkcs11:', pin: 1234 }, '`pin` must be a string, { file'],
    [{ certificate: 'pkcs11:?pin-source=|cat%20/pin' }, '`pin-source` must be a path or a `file:` URI'],
    [{ certificate: 'pkcs11:?pin-source=https://pin.example' }, '`pin-source` must be a path'],
    [{ certificate: 'pkcs11:?pin-source=file:%2F%2Fother-host/pin' }, '`pin-source` must be a path'],
    [{ certificate: 'pkcs11:', chain: 'pkcs11:' }, '`chain` must be the path of a file'],
    [{ certificate: 'pkcs11:', module: '' }, '`module` must be the path of a library'],
    [{ certificate: 'pkcs11:', moduleParameters: '' }, '`moduleParameters` must be the text'],
    [{ certificate: 'pkcs11:', maxSessions: 0 }, '`maxSessions` must be a whole number from 1 to 64'],
    [{ certificate: 'pkcs11:', maxSessions: 1.5 }, '`maxSessions` must be'],
    [{ certificate: 'pkcs11:', latestExpiring: 'yes' }, '`latestExpiring` must be true or false'],
    [{ certificate: 'pkcs11:', selector: {} }, '`selector` must say at least one of'],
    [{ certificate: 'pkcs11:', selector: 'CN=a' }, '`selector` must be an object'],
    [{ certificate: 'pkcs11:', selector: { serial: 'xyz' } }, '`selector.serial` must be hexadecimal'],
    [{ certificate: 'pkcs11:', selector: { CN: 'a' } }, '`selector.CN` is unknown'],
    [
      { certificate: 'a.crt', privateKey: 'pkcs11:', selector: { serial: '1' } },
      '`selector` and `latestExpiring` choose',
    ],
  ])('%j are refused', (init, problem) => {
    expect(problemsOf(init)).toContain(problem);
  });

  test('are all named that are wrong', () => {
    const message = problemsOf({
      certificate: 'pkcs11:a=b',
      privateKey: 'pkcs11:id=%',
      maxSessions: -1,
      pin: 0,
    });
    expect(message.split('; ')).toHaveLength(5);
    expect(message).toContain('the URI in `certificate`');
    expect(message).toContain('`maxSessions`');
  });

  test('are never shown with a PIN', () => {
    const pin = '5ecret-pin';
    const uris = [
      `pkcs11:foo=1?pin-value=${pin}`,
      `pkcs11:?pin-value=${pin}&${pin}=1`,
      `pkcs11:pin-value=${pin}`,
    ];
    for (const certificate of uris) expect(problemsOf({ certificate, pin })).not.toContain(pin);
  });

  test('say which library is tried: the option, then the URI, then the proxy of p11-kit', () => {
    const first = (init: FromPkcs11Init): string | undefined => checkInit(init).modulePaths[0];
    const certificate = 'pkcs11:?module-path=/lib/uri.so';
    expect(first({ certificate, module: '/lib/option.so' })).toBe('/lib/option.so');
    expect(first({ certificate })).toBe('/lib/uri.so');
    expect(first({ certificate: 'pkcs11:' })).toMatch(/p11-kit-proxy\./);
  });
});
