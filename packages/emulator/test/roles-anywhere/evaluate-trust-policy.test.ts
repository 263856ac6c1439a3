import { describe, expect, test } from '@jest/globals';
import { evaluateTrustPolicy } from '../../src/roles-anywhere/evaluate-trust-policy.js';
import { policyContextOf } from '../../src/roles-anywhere/policy-context.js';
import { parseTrustPolicy } from '../../src/roles-anywhere/trust-policy.js';

const ANCHOR =
  'arn:aws:rolesanywhere:us-east-1:111122223333:trust-anchor/00000141-1111-4111-8111-000000000141';
const SERVICE = { Service: 'rolesanywhere.amazonaws.com' };
const ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

const context = policyContextOf({
  trustAnchorArn: ANCHOR,
  accountId: '111122223333',
  region: 'us-east-1',
  roleSessionName: '01a2',
  sourceIdentity: 'CN=server-1',
  sessionTags: { 'x509Subject/CN': 'server-1', 'x509Subject/OU': 'Build', 'x509SAN/DNS': 'server-1.example' },
  at: new Date('2026-03-04T05:06:07Z'),
});

const decide = (...statements: readonly object[]) =>
  evaluateTrustPolicy(parseTrustPolicy({ Version: '2012-10-17', Statement: statements }), context);
const allow = (more: object = {}) => ({ Effect: 'Allow', Principal: SERVICE, Action: ACTIONS, ...more });
const under = (Condition: object) => decide(allow({ Condition })).allowed;

describe('actions', () => {
  test('all three actions for the service are enough', () => {
    expect(decide(allow())).toEqual({ allowed: true });
  });

  test.each(ACTIONS)('without %s the role is refused, and the action is named', (missing) => {
    const decision = decide(allow({ Action: ACTIONS.filter((action) => action !== missing) }));
    expect(decision).toMatchObject({ allowed: false, action: missing, because: 'NO_STATEMENT_ALLOWS' });
  });

  test('the three actions may come from three statements', () => {
    expect(decide(...ACTIONS.map((Action) => allow({ Action }))).allowed).toBe(true);
  });

  test('wildcards and any letter case count in actions', () => {
    expect(decide(allow({ Action: 'STS:*' })).allowed).toBe(true);
    expect(decide(allow({ Action: '*' })).allowed).toBe(true);
    expect(decide(allow({ Action: ['sts:assumeRol?', 'sts:Tag*', 'sts:setsourceidentity'] })).allowed).toBe(
      true,
    );
  });

  test('NotAction allows everything else', () => {
    expect(decide(allow({ Action: undefined, NotAction: 's3:*' })).allowed).toBe(true);
    expect(decide(allow({ Action: undefined, NotAction: 'sts:Tag*' }))).toMatchObject({
      action: 'sts:TagSession',
    });
  });
});

describe('principals', () => {
  test.each([
    ['another service', { Service: 'ec2.amazonaws.com' }],
    ['an account', { AWS: 'arn:aws:iam::111122223333:root' }],
    ['a federation', { Federated: 'cognito-identity.amazonaws.com' }],
  ])('%s as principal does not let Roles Anywhere in', (_, Principal) => {
    expect(decide(allow({ Principal })).allowed).toBe(false);
  });

  test.each([
    ['a list of services', { Service: ['ec2.amazonaws.com', 'rolesanywhere.amazonaws.com'] }],
    ['everybody', '*'],
    ['every AWS principal', { AWS: '*' }],
  ])('%s as principal lets Roles Anywhere in', (_, Principal) => {
    expect(decide(allow({ Principal })).allowed).toBe(true);
  });

  test('a Deny for everybody but another principal hits Roles Anywhere', () => {
    const deny = { Effect: 'Deny', NotPrincipal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:*' };
    expect(decide(allow(), deny)).toMatchObject({ allowed: false, because: 'DENIED' });
  });

  test('a Deny for everybody but Roles Anywhere does not', () => {
    expect(decide(allow(), { Effect: 'Deny', NotPrincipal: SERVICE, Action: 'sts:*' }).allowed).toBe(true);
  });
});

describe('conditions', () => {
  test.each<[string, object]>([
    ['ArnEquals on the trust anchor', { ArnEquals: { 'aws:SourceArn': ANCHOR } }],
    [
      'ArnLike with wildcards',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:rolesanywhere:*:111122223333:trust-anchor/*' } },
    ],
    ['StringEquals on the account', { StringEquals: { 'aws:SourceAccount': '111122223333' } }],
    ['a key in another letter case', { StringEquals: { 'AWS:sourceaccount': '111122223333' } }],
    ['a tag of the subject', { StringEquals: { 'aws:PrincipalTag/x509Subject/CN': ['other', 'server-1'] } }],
    ['a request tag', { StringLike: { 'aws:RequestTag/x509SAN/DNS': '*.example' } }],
    ['the source identity', { StringLike: { 'sts:SourceIdentity': ['CN=server-?'] } }],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { 'aws:PrincipalTag/x509Subject/OU': 'BUILD' } }],
    ['StringNotEquals on an absent key', { StringNotEquals: { 'aws:PrincipalTag/x509Subject/O': 'x' } }],
    ['StringNotLike', { StringNotLike: { 'aws:PrincipalTag/x509Subject/CN': ['test-*', 'dev-*'] } }],
    [
      'StringNotEqualsIgnoreCase',
      { StringNotEqualsIgnoreCase: { 'aws:PrincipalTag/x509Subject/OU': 'sales' } },
    ],
    ['ArnNotLike', { ArnNotLike: { 'aws:SourceArn': 'arn:aws:rolesanywhere:eu-*:*:*' } }],
    ['IfExists on an absent key', { StringEqualsIfExists: { 'aws:PrincipalTag/x509Subject/O': 'x' } }],
    ['Null true on an absent key', { Null: { 'aws:PrincipalTag/x509Subject/O': 'true' } }],
    ['Null false on a present key', { Null: { 'aws:PrincipalTag/x509Subject/CN': false } }],
    ['Bool', { Bool: { 'aws:PrincipalIsAWSService': true } }],
    [
      'ForAllValues over tag keys',
      { 'ForAllValues:StringLike': { 'aws:TagKeys': ['x509Subject/*', 'x509SAN/*'] } },
    ],
    ['ForAnyValue over tag keys', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'x509SAN/DNS' } }],
    ['ForAllValues on an absent key', { 'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': 'x' } }],
    ['DateLessThan', { DateLessThan: { 'aws:CurrentTime': '2026-04-01T00:00:00Z' } }],
    ['DateGreaterThanEquals', { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-03-04T05:06:07Z' } }],
    ['NumericGreaterThan', { NumericGreaterThan: { 'aws:EpochTime': 1_700_000_000 } }],
    ['NumericNotEquals', { NumericNotEquals: { 'aws:EpochTime': '5' } }],
    [
      'a policy variable',
      { StringEquals: { 'sts:SourceIdentity': 'CN=${aws:PrincipalTag/x509Subject/CN}' } },
    ],
    ['a policy variable in an ARN', { ArnLike: { 'aws:SourceArn': 'arn:aws:*:*:${aws:SourceAccount}:*' } }],
  ])('%s holds', (_, condition) => {
    expect(under(condition)).toBe(true);
  });

  test.each<[string, object]>([
    ['another anchor', { ArnEquals: { 'aws:SourceArn': ANCHOR.replace('141', '142') } }],
    ['an ARN wildcard across a colon', { ArnLike: { 'aws:SourceArn': 'arn:aws:rolesanywhere:*/*' } }],
    ['another account', { StringEquals: { 'aws:SourceAccount': '999999999999' } }],
    ['a value in another letter case', { StringEquals: { 'aws:PrincipalTag/x509Subject/OU': 'build' } }],
    ['an absent tag', { StringEquals: { 'aws:PrincipalTag/x509Subject/O': 'x' } }],
    [
      'StringNotEquals with one equal value',
      { StringNotEquals: { 'aws:SourceAccount': ['1', '111122223333'] } },
    ],
    ['a wildcard where none is known', { StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'server-*' } }],
    [
      'one of two conditions',
      { StringEquals: { 'aws:SourceAccount': '111122223333', 'sts:SourceIdentity': 'x' } },
    ],
    ['ForAnyValue on an absent key', { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'x' } }],
    ['ForAllValues with a stranger', { 'ForAllValues:StringLike': { 'aws:TagKeys': 'x509Subject/*' } }],
    ['Null false on an absent key', { Null: { 'aws:PrincipalTag/x509Subject/O': 'false' } }],
    ['DateGreaterThan in the future', { DateGreaterThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } }],
    ['a number that is none', { NumericEquals: { 'sts:SourceIdentity': '1' } }],
    ['a variable without value', { StringEquals: { 'sts:SourceIdentity': '${aws:username}' } }],
    ['a literal star', { StringLike: { 'sts:SourceIdentity': 'CN=${*}' } }],
    ['a list without values', { StringEquals: { 'aws:SourceAccount': [] } }],
  ])('%s does not hold', (_, condition) => {
    expect(under(condition)).toBe(false);
  });

  test.each(['StringMatches', 'IpAddress', 'ForSomeValues:StringEquals', 'NullIfExists', ''])(
    'the unknown operator "%s" refuses and is named',
    (operator) => {
      const decision = decide(
        allow(),
        allow({ Sid: 'Odd', Condition: { [operator]: { 'aws:SourceAccount': 'x' } } }),
      );
      expect(decision).toMatchObject({ allowed: false, because: 'UNKNOWN_OPERATOR' });
      expect(JSON.stringify(decision)).toContain(
        `Odd: Allow sts:AssumeRole does not apply: Condition operator ${operator}`,
      );
    },
  );

  test('a Deny whose condition holds beats every Allow', () => {
    const deny = {
      Sid: 'NotHere',
      Effect: 'Deny',
      Principal: '*',
      Action: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalTag/x509Subject/OU': 'Sales' } },
    };
    expect(decide(allow(), deny)).toMatchObject({
      allowed: false,
      because: 'DENIED',
      action: 'sts:AssumeRole',
    });
  });

  test('the reason shows operator, key, wanted and found', () => {
    const decision = decide(
      allow({ Condition: { StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'other' } } }),
    );
    expect(decision).toMatchObject({
      statements: [
        'statement 1: Allow sts:AssumeRole does not apply: StringEquals aws:PrincipalTag/x509Subject/CN ["other"]: the value is ["server-1"]',
      ],
    });
  });

  test('a hostile pattern is matched as any other', () => {
    expect(under({ StringLike: { 'sts:SourceIdentity': `${'*a'.repeat(2000)}b` } })).toBe(false);
  });
});

describe('documents', () => {
  test.each<[string, unknown]>([
    ['no object', 'text'],
    ['no statement', { Version: '2012-10-17' }],
    ['an empty list of statements', { Version: '2012-10-17', Statement: [] }],
    ['an unknown version', { Version: '2020-01-01', Statement: allow() }],
    ['an effect in lower case', { Version: '2012-10-17', Statement: allow({ Effect: 'allow' }) }],
    ['a resource', { Version: '2012-10-17', Statement: allow({ Resource: '*' }) }],
    ['no principal', { Version: '2012-10-17', Statement: allow({ Principal: undefined }) }],
    ['both Action and NotAction', { Version: '2012-10-17', Statement: allow({ NotAction: '*' }) }],
    ['NotPrincipal with Allow', { Statement: allow({ Principal: undefined, NotPrincipal: '*' }) }],
    ['an action that is no text', { Version: '2012-10-17', Statement: allow({ Action: [{}] }) }],
    ['conditions that are no object', { Version: '2012-10-17', Statement: allow({ Condition: ['x'] }) }],
  ])('a policy with %s is refused', (_, document) => {
    expect(() => parseTrustPolicy(document)).toThrow(
      expect.objectContaining({
        name: 'ValidationException',
        message: expect.stringContaining('MalformedPolicyDocument'),
      }),
    );
  });

  test('one statement need not be in a list', () => {
    expect(parseTrustPolicy({ Version: '2012-10-17', Statement: allow() }).statements).toHaveLength(1);
  });
});
