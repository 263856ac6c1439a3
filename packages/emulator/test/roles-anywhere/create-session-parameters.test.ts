import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  parseCreateSessionParameters,
  type ParameterRules,
} from '../../src/roles-anywhere/create-session-parameters.js';
import { Refusal } from '../../src/roles-anywhere/refusal.js';

const ARNS = {
  trustAnchorArn:
    'arn:aws:rolesanywhere:us-east-1:111122223333:trust-anchor/00000141-1111-4111-8111-000000000141',
  profileArn: 'arn:aws:rolesanywhere:us-east-1:111122223333:profile/00000142-1111-4111-8111-000000000142',
  roleArn: 'arn:aws:iam::111122223333:role/ExampleRole',
};

const queryOf = (values: object) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');

const parse = (query: string, body: string | Uint8Array, rules: ParameterRules = {}) =>
  parseCreateSessionParameters(
    {
      method: 'POST',
      target: query === '' ? '/sessions' : `/sessions?${query}`,
      rawHeaders: [],
      body: typeof body === 'string' ? Buffer.from(body) : body,
    },
    rules,
  );

const refusalOf = (query: string, body: string | Uint8Array, rules?: ParameterRules) => {
  try {
    parse(query, body, rules);
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.reason, ...error.answer };
    throw error;
  }
  return undefined;
};

describe('places', () => {
  test('ARNs may be in the query, with the duration in the body', () => {
    expect(parse(queryOf(ARNS), '{"durationSeconds":3600}')).toEqual({ ...ARNS, durationSeconds: 3600 });
  });

  test('ARNs may be in the query with an empty body', () => {
    expect(parse(queryOf(ARNS), '')).toEqual(ARNS);
  });

  test('everything may be in the body', () => {
    const all = { ...ARNS, roleSessionName: 'me', durationSeconds: 900, instanceProperties: { host: 'a' } };
    expect(parse('', JSON.stringify(all))).toEqual(all);
  });

  test('both places with equal values are one', () => {
    expect(parse(queryOf(ARNS), JSON.stringify(ARNS))).toEqual(ARNS);
  });

  test('both places with different values are refused', () => {
    expect(refusalOf(queryOf(ARNS), JSON.stringify({ ...ARNS, roleArn: `${ARNS.roleArn}2` }))).toMatchObject({
      reason: 'PARAMETERS_CONFLICT',
      status: 400,
      errorType: 'ValidationException',
    });
  });

  test('the older sessionName is taken for roleSessionName', () => {
    expect(parse(queryOf(ARNS), '{"sessionName":"me"}')).toEqual({ ...ARNS, roleSessionName: 'me' });
  });

  test('unknown members are ignored, null members are absent', () => {
    expect(
      parse(queryOf(ARNS), '{"x":{"y":[1]},"durationSeconds":null,"__proto__":{"roleSessionName":"a"}}'),
    ).toEqual(ARNS);
  });

  test('a plus sign in a role name stays a plus sign', () => {
    const roleArn = `${ARNS.roleArn}+x`;
    expect(parse(queryOf(ARNS).replace('ExampleRole', 'ExampleRole+x'), '').roleArn).toBe(roleArn);
  });
});

describe('refusals', () => {
  test('a missing ARN is named in the form of AWS', () => {
    const { roleArn: _, ...others } = ARNS;
    expect(refusalOf(queryOf(others), '')).toEqual({
      reason: 'PARAMETERS_INVALID',
      status: 400,
      errorType: 'ValidationException',
      text: "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
      emulatorText: false,
    });
  });

  test('several broken constraints are counted and listed', () => {
    expect(refusalOf(queryOf(ARNS), '{"durationSeconds":899,"roleSessionName":"x"}')?.text).toBe(
      "2 validation errors detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900; Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    );
  });

  test.each([
    ['899 seconds', '{"durationSeconds":899}'],
    ['43201 seconds', '{"durationSeconds":43201}'],
    ['half a second', '{"durationSeconds":900.5}'],
    ['seconds as text', '{"durationSeconds":"3600"}'],
    ['a session name with a plus sign', '{"roleSessionName":"a+b"}'],
    ['a session name with a slash', '{"roleSessionName":"a/b"}'],
    ['a session name of 65 characters', `{"roleSessionName":"${'a'.repeat(65)}"}`],
    ['a session name that is a number', '{"roleSessionName":5}'],
    ['instance properties that are a list', '{"instanceProperties":["a"]}'],
    ['an instance property that is a number', '{"instanceProperties":{"a":1}}'],
    ['an empty instance property', '{"instanceProperties":{"a":""}}'],
    [
      '51 instance properties',
      JSON.stringify({
        instanceProperties: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])),
      }),
    ],
  ])('%s is refused', (_, body) => {
    expect(refusalOf(queryOf(ARNS), body)).toMatchObject({ reason: 'PARAMETERS_INVALID', status: 400 });
  });

  test('the switch lets a plus sign into a session name', () => {
    expect(
      parse(queryOf(ARNS), '{"roleSessionName":"a+b"}', { allowPlusInRoleSessionName: true }).roleSessionName,
    ).toBe('a+b');
  });

  test.each([
    ['a profile ARN for a trust anchor', { ...ARNS, trustAnchorArn: ARNS.profileArn }],
    ['an ARN of another service', { ...ARNS, roleArn: 'arn:aws:s3:::bucket' }],
    ['an empty ARN', { ...ARNS, roleArn: '' }],
    ['an ARN of over 1011 characters', { ...ARNS, roleArn: `${ARNS.roleArn}${'a'.repeat(1000)}` }],
  ])('%s is refused', (_, arns) => {
    expect(refusalOf(queryOf(arns), '')).toMatchObject({ reason: 'PARAMETERS_INVALID' });
  });

  test('a query parameter that is there twice is refused', () => {
    expect(refusalOf(`${queryOf(ARNS)}&${queryOf(ARNS)}`, '')).toMatchObject({
      reason: 'DUPLICATE_QUERY_KEY',
      status: 400,
    });
  });

  test.each(['a=%', 'a=%2', 'a=%zz', 'a=%ff', `a=${'a'.repeat(20_000)}`])(
    'the query %s is refused',
    (query) => {
      expect(refusalOf(query, '')).toMatchObject({ reason: 'QUERY_MALFORMED', status: 400 });
    },
  );

  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a number', '1'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['more than 256 KiB', `{"a":"${'a'.repeat(262_144)}"}`],
  ])('a body of %s is refused', (_, body) => {
    expect(refusalOf(queryOf(ARNS), body)).toMatchObject({ reason: 'BODY_MALFORMED', status: 400 });
  });

  test('a body nested a hundred thousand deep does no harm', () => {
    expect(parse(queryOf(ARNS), `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toEqual(ARNS);
  });

  test.each(['durationSeconds', 'roleSessionName', 'profileArn', 'instanceProperties'])(
    'a %s nested a hundred thousand deep is refused as the wrong kind',
    (member) => {
      const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
      const query = queryOf(ARNS).replace(/profileArn=[^&]*&?/, '');
      expect(refusalOf(query, `{"${member}":${deep}}`)).toMatchObject({
        reason: 'PARAMETERS_INVALID',
        status: 400,
      });
    },
  );

  test('any query and body give parameters or a refusal', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string(), fc.json(), fc.uint8Array()), (query, body) => {
        expect(() => refusalOf(query, body)).not.toThrow();
      }),
    );
  });
});
