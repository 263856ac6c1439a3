import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { startAwsWorld, type AwsWorld, type ClientEnvironment } from './support/aws-world.js';

const SCRIPT = fileURLToPath(new URL('./support/boto3_refusals.py', import.meta.url));

let world: AwsWorld;
let env: ClientEnvironment;
/** Of a session that was given out 1000 s ago for 900 s. */
let expired: ClientEnvironment;
/** Of another session than `env`. */
let foreign: string;

beforeAll(async () => {
  world = await startAwsWorld();
  env = await world.byCredentials();
  expired = await world.byCredentials(1000);
  foreign = (await world.byCredentials())['AWS_SESSION_TOKEN'] ?? '';
});
afterAll(() => world.close());

const refusals = async (environment: ClientEnvironment, ...args: string[]): Promise<unknown> => {
  const command = [join(realPart('REAL_AWS') ?? '', 'python'), SCRIPT, ...args] as const;
  const run = await runCleanly(command, { cwd: world.folder, env: environment });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return JSON.parse(run.stdout);
};

describe('boto3 is refused by S3 and STS as by AWS for', () => {
  testWith('REAL_AWS').each([
    ['wrong secret', ['SignatureDoesNotMatch', 403], ['SignatureDoesNotMatch', 403]],
    ['unknown key', ['InvalidAccessKeyId', 403], ['InvalidClientTokenId', 403]],
    ['missing token', ['InvalidAccessKeyId', 403], ['InvalidClientTokenId', 403]],
    ['foreign token', ['InvalidToken', 400], ['InvalidClientTokenId', 403]],
    ['clock an hour behind', ['RequestTimeTooSkewed', 403], ['SignatureDoesNotMatch', 403]],
    ['clock an hour ahead', ['RequestTimeTooSkewed', 403], ['SignatureDoesNotMatch', 403]],
    ['tampered query', ['SignatureDoesNotMatch', 403], ['SignatureDoesNotMatch', 403]],
    ['anonymous', ['AccessDenied', 403], ['MissingAuthenticationToken', 403]],
  ])(
    'boto3: %s',
    async (wrong, s3, sts) => {
      expect(await refusals(env, wrong, foreign)).toEqual({ s3, sts });
    },
    60_000,
  );

  testWith('REAL_AWS')(
    'boto3: tampered path',
    async () => {
      expect(await refusals(env, 'tampered path')).toMatchObject({ s3: ['SignatureDoesNotMatch', 403] });
    },
    60_000,
  );

  testWith('REAL_AWS')(
    'boto3: expired session',
    async () => {
      expect(await refusals(expired, 'expired session')).toEqual({
        s3: ['ExpiredToken', 400],
        sts: ['ExpiredToken', 403],
      });
    },
    60_000,
  );

  testWith('REAL_AWS')(
    'boto3: nothing, when nothing is wrong but that there is no such bucket',
    async () => {
      expect(await refusals(env, 'nothing')).toEqual({ s3: ['NoSuchBucket', 404], sts: ['none', 200] });
    },
    60_000,
  );
});

describe.each([
  ['AWS CLI 1', 'REAL_AWS', join(realPart('REAL_AWS') ?? '', 'aws')],
  ['AWS CLI 2', 'REAL_AWS2', realPart('REAL_AWS2') ?? ''],
] as const)('%s is refused with the code of AWS for', (name, part, program) => {
  const list = ['s3api', 'list-objects-v2', '--bucket', 'none'] as const;
  const failure = async (environment: ClientEnvironment, ...args: string[]): Promise<string> => {
    const once = { ...environment, AWS_MAX_ATTEMPTS: '1' };
    const run = await runCleanly([program, ...list, ...args], { cwd: world.folder, env: once });
    expect(run).toMatchObject({ stdout: '' });
    return /\((\w+)\) when calling the (\w+)/.exec(run.stderr)?.slice(1).join(' of ') ?? run.stderr;
  };
  const without = (variable: string) =>
    Object.fromEntries(Object.entries(env).filter(([key]) => key !== variable));

  testWith(part).each([
    ['a wrong secret', () => ({ ...env, AWS_SECRET_ACCESS_KEY: 'wrong' }), 'SignatureDoesNotMatch'],
    ['an unknown key', () => ({ ...env, AWS_ACCESS_KEY_ID: 'ASIAUNKNOWN000000000' }), 'InvalidAccessKeyId'],
    ['a missing token', () => without('AWS_SESSION_TOKEN'), 'InvalidAccessKeyId'],
    ['a foreign token', () => ({ ...env, AWS_SESSION_TOKEN: foreign }), 'InvalidToken'],
    ['an expired session', () => expired, 'ExpiredToken'],
  ] as const)(
    `${name}: %s`,
    async (_, environment, code) => {
      expect(await failure(environment())).toBe(`${code} of ListObjectsV2`);
    },
    60_000,
  );

  testWith(part)(
    `${name}: no signature`,
    async () => {
      expect(await failure(env, '--no-sign-request')).toBe('AccessDenied of ListObjectsV2');
    },
    60_000,
  );
});
