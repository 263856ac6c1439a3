import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, IdentityError, SessionError } from '@rolesanywhere/credential-provider';
import { describeError } from '../src/describe-error.js';
import { UsageError } from '../src/errors.js';

describe('one line for every error', () => {
  test('usage: all problems, and where the flags are explained', () => {
    const error = new UsageError(['one thing', 'another']);
    expect(describeError(error)).toBe('one thing; another (rolesanywhere help)');
    expect(describeError(error, 'version')).toBe('one thing; another (rolesanywhere help version)');
  });

  test('a list of problems becomes one line that speaks of flags', () => {
    const message =
      'There are 2 problems:\n- trustAnchorArn (option) is wrong\n- profileArn (option) is wrong';
    expect(describeError(new ConfigurationError({ code: 'INVALID_ARN', message }))).toBe(
      'There are 2 problems: --trust-anchor-arn is wrong; --profile-arn is wrong',
    );
  });

  test('an encrypted key names the flag for its passphrase', () => {
    const error = new IdentityError({
      code: 'PASSPHRASE_REQUIRED',
      message: 'server.key is encrypted. Set `passphrase`, a text or a function.',
    });
    expect(describeError(error)).toBe('server.key is encrypted. Give --pkcs8-password.');
  });

  test("a refusal keeps the service's words and gains the request id", () => {
    const message = 'Refused: Not authorized to set roleSessionName.';
    const error = new SessionError({ code: 'ACCESS_DENIED', message, requestId: '0000-1' });
    expect(describeError(error)).toBe(`${message} (request id 0000-1)`);
  });

  test('a request id that the message has is not repeated', () => {
    const message = 'Refused (request id 0000-1).';
    expect(describeError(new SessionError({ code: 'ACCESS_DENIED', message, requestId: '0000-1' }))).toBe(
      message,
    );
  });

  test('control characters of a hostile server do not reach the terminal', () => {
    const error = new SessionError({ code: 'ACCESS_DENIED', message: 'a\u001b[2Jb\r\nc\u009bd\u2028e' });
    expect(describeError(error)).toBe('a [2Jb c d e');
  });

  test('a failure that nobody foresaw says so', () => {
    expect(describeError(new TypeError('x is not a function'))).toBe(
      'unexpected failure: x is not a function',
    );
    expect(describeError('text')).toBe('unexpected failure: text');
  });
});
