import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from '@rolesanywhere/signer';
import { resolveSettings } from '../../src/config/settings.js';
import { testIdentity } from '../support/identity.js';
import { arns } from '../support/options.js';

const identity = testIdentity();
const good = { ...arns, identity };

function problemOf(values: object, options: object = {}): ConfigurationError {
  try {
    resolveSettings([{ place: 'options', values }], options);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
  }
  throw new Error('No problem was found.');
}

describe('resolveSettings', () => {
  test('gives the settings of a complete source', () => {
    expect(resolveSettings([{ place: 'options', values: { ...good, durationSeconds: 900 } }], {})).toEqual({
      ...good,
      durationSeconds: 900,
    });
  });

  test('takes each field from the first source that has it', () => {
    const other = { place: 'elsewhere', values: { ...good, roleSessionName: 'second' } };
    const first = { place: 'options', values: { roleSessionName: 'first', durationSeconds: undefined } };
    expect(resolveSettings([first, other], {})).toEqual({ ...good, roleSessionName: 'first' });
  });

  test('says where it looked, and lets a chain go on, when there is nothing at all', () => {
    const error = problemOf({});
    expect(error).toMatchObject({ code: 'NOT_CONFIGURED', tryNextLink: true });
    expect(error.message).toContain('looked in: options');
  });

  test('does not let a chain go on when only a part is configured', () => {
    expect(problemOf({ roleArn: arns.roleArn })).toMatchObject({
      code: 'INVALID_OPTION',
      tryNextLink: false,
    });
  });

  test('reports every problem in one error', () => {
    const error = problemOf(
      {
        trustAnchorArn: 'x',
        profileArn: 7,
        durationSeconds: 60,
        roleSessionName: ' ',
        instanceProperties: { a: '' },
      },
      { clientConfig: { maxAttempts: 0, retryMode: 'eager', region: '' }, totalTimeoutMilliseconds: -1 },
    );
    expect(error.code).toBe('INVALID_OPTION');
    for (const name of [
      'trustAnchorArn',
      'profileArn',
      'roleArn is missing',
      'identity is missing',
      'durationSeconds',
      'roleSessionName',
      'instanceProperties',
      'clientConfig.maxAttempts',
      'clientConfig.retryMode',
      'clientConfig.region',
      'totalTimeoutMilliseconds',
    ]) {
      expect(error.message).toContain(name);
    }
    expect(error.message).toContain('11 problems');
  });

  test('does not repeat a value that is no ARN: it may be a key in the wrong field', () => {
    expect(problemOf({ ...good, roleArn: '-----BEGIN PRIVATE KEY-----' }).message).not.toContain('BEGIN');
  });

  test.each([
    [
      'REGION_MISMATCH',
      { profileArn: arns.profileArn.replace('eu-central-1', 'eu-west-1') },
      'different regions',
    ],
    [
      'INVALID_ARN',
      { profileArn: arns.profileArn.replace('111122223333', '999999999999') },
      'different accounts',
    ],
    ['INVALID_ARN', { roleArn: arns.roleArn.replace('arn:aws:', 'arn:aws-cn:') }, 'different partitions'],
  ])('refuses ARNs that do not fit together with %s', (code, values, message) => {
    const error = problemOf({ ...good, ...values });
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  test.each([899, 43_201, 1000.5, '3600', Number.NaN])('refuses durationSeconds %p', (durationSeconds) => {
    expect(problemOf({ ...good, durationSeconds }).message).toContain('durationSeconds');
  });

  test.each(['a', 'x'.repeat(65), 'with space', 'slash/'])(
    'refuses roleSessionName %p',
    (roleSessionName) => {
      expect(problemOf({ ...good, roleSessionName }).message).toContain('roleSessionName');
    },
  );

  test.each([
    ['a text', 'server.pem'],
    ['texts in the place of its parts', { certificate: 'PEM', key: 'PEM' }],
    ['an end that is no date', { ...identity, expiration: '2030-01-01' }],
    ['an end that is no valid date', { ...identity, expiration: new Date(Number.NaN) }],
  ])('refuses an identity that is or has %s', (_what, value) => {
    expect(problemOf({ ...good, identity: value }).message).toContain('identity (options) must be');
  });

  test('refuses more than 50 instance properties', () => {
    const instanceProperties = Object.fromEntries(
      Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']),
    );
    expect(problemOf({ ...good, instanceProperties }).message).toContain('at most 50');
  });
});
