import { describe, expect, test } from '@jest/globals';
import { IdentityError } from '@rolesanywhere/signer';
import { pauseDemand, SessionError, sessionErrorCodes, toProviderError } from '../src/errors.js';

describe('pauseDemand', () => {
  test('is 30 seconds after a refusal and nothing after other failures', () => {
    const refusals = sessionErrorCodes.filter(
      (code) => pauseDemand(new SessionError({ code, message: '' })).leastMilliseconds === 30_000,
    );
    expect(refusals).toEqual(['ACCESS_DENIED', 'REQUEST_REJECTED', 'CLOCK_SKEWED']);
    expect(pauseDemand(new Error('anything'))).toEqual({ leastMilliseconds: 0, throttled: false });
  });

  test('is what the service asked for, up to five minutes', () => {
    const pauses = [7000, 10 ** 12].map(
      (retryAfterMilliseconds) =>
        pauseDemand(new SessionError({ code: 'THROTTLED', message: '', retryAfterMilliseconds }))
          .leastMilliseconds,
    );
    expect(pauses).toEqual([7000, 300_000]);
  });

  test('is patience after throttling alone', () => {
    const patient = sessionErrorCodes.filter(
      (code) => pauseDemand(new SessionError({ code, message: '' })).throttled,
    );
    expect(patient).toEqual(['THROTTLED']);
  });
});

describe('toProviderError', () => {
  test('renames an error of this project and leaves class, code, message and stack', () => {
    const error = new IdentityError({ code: 'KEY_UNSUPPORTED', message: 'no such key' });
    const { stack } = error;
    expect(toProviderError(error)).toBe(error);
    expect(error).toMatchObject({
      name: 'CredentialsProviderError',
      code: 'KEY_UNSUPPORTED',
      message: 'no such key',
      stack,
    });
    expect(error).toBeInstanceOf(IdentityError);
  });

  test('leaves other errors, and frozen ones, alone', () => {
    const other = new TypeError('bug');
    const frozen = Object.freeze(new IdentityError({ code: 'KEY_UNSUPPORTED', message: '' }));
    expect([toProviderError(other), toProviderError(frozen)]).toEqual([other, frozen]);
    expect([other.name, frozen.name]).toEqual(['TypeError', 'IdentityError']);
  });
});
