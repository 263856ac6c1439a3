import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { CALLER_ARN, startAwsWorld, type AwsWorld, type ClientEnvironment } from './support/aws-world.js';

const LARGE = randomBytes(12 * 1024 * 1024);
const QUIET = '--only-show-errors';

let world: AwsWorld;
beforeAll(async () => {
  world = await startAwsWorld();
  writeFileSync(join(world.folder, 'objeto.txt'), '¡Hola!\n');
  writeFileSync(join(world.folder, 'large.bin'), LARGE);
});
afterAll(() => world.close());

const CLIS = [
  ['AWS CLI 1', 'REAL_AWS', join(realPart('REAL_AWS') ?? '', 'aws')],
  ['AWS CLI 2', 'REAL_AWS2', realPart('REAL_AWS2') ?? ''],
] as const;
const SOURCES = [
  ['by the credential_process line', async () => world.byProfile],
  ['by credentials in the environment', () => world.byCredentials()],
] as const;
const CLIENTS = CLIS.flatMap(([cli, part, program]) =>
  SOURCES.map(([source, environment]) => ({ name: `${cli} ${source}`, part, program, environment })),
);

describe.each(CLIENTS)('$name', ({ name, part, program, environment }) => {
  const bucket = name.toLowerCase().replaceAll(/\W|_/g, '-');
  const there = `s3://${bucket}`;
  let env: ClientEnvironment;

  beforeAll(async () => {
    env = await environment();
    // The bucket of the tests below, each of which cleans up or uses keys of its own.
    if (realPart(part) !== undefined) await aws('s3', 'mb', there);
  }, 60_000);

  const aws = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runCleanly([program, ...args], { cwd: world.folder, env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
  const listed = async (prefix: string): Promise<string[]> => {
    const lines = await aws('s3', 'ls', '--recursive', `${there}/${prefix}`);
    return lines.split('\n').flatMap((line) => line.match(/^\S+ \S+ +(\d+ .+)$/)?.[1] ?? []);
  };

  testWith(part)(
    `${name} tells who it is`,
    async () => {
      const identity = ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'];
      expect(await aws(...identity)).toBe(`${CALLER_ARN}\n`);
    },
    60_000,
  );

  testWith(part)(
    `${name} makes, lists and removes a bucket`,
    async () => {
      expect(await aws('s3', 'mb', `${there}-2`)).toBe(`make_bucket: ${bucket}-2\n`);
      expect(await aws('s3', 'ls')).toMatch(new RegExp(` ${bucket}\n.* ${bucket}-2\n`));
      expect(await aws('s3', 'rb', `${there}-2`)).toBe(`remove_bucket: ${bucket}-2\n`);
      expect(await aws('s3', 'ls')).not.toContain(`${bucket}-2`);
    },
    60_000,
  );

  testWith(part)(
    `${name} copies a key with spaces and ü there and back`,
    async () => {
      await aws('s3', 'cp', QUIET, 'objeto.txt', `${there}/a b/un ü.txt`);
      expect(await aws('s3', 'ls', `${there}/a b/`)).toMatch(/ 8 un ü\.txt\n$/);
      await aws('s3', 'cp', QUIET, `${there}/a b/un ü.txt`, 'back ü.txt');
      expect(readFileSync(join(world.folder, 'back ü.txt'), 'utf8')).toBe('¡Hola!\n');
    },
    60_000,
  );

  testWith(part)(
    `${name} copies 12 MiB there in two parts, and back`,
    async () => {
      await aws('s3', 'cp', QUIET, 'large.bin', `${there}/large.bin`);
      const head = ['s3api', 'head-object', '--bucket', bucket, '--key', 'large.bin', '--query', 'ETag'];
      expect(JSON.parse(await aws(...head))).toMatch(/^"[0-9a-f]{32}-2"$/);
      await aws('s3', 'cp', QUIET, `${there}/large.bin`, 'large.back');
      expect(sha256(readFileSync(join(world.folder, 'large.back')))).toBe(sha256(LARGE));
    },
    120_000,
  );

  testWith(part)(
    `${name} syncs a folder there and back, and nothing when nothing changed`,
    async () => {
      const folder = join(world.folder, bucket);
      mkdirSync(join(folder, 'ü b'), { recursive: true });
      writeFileSync(join(folder, 'one.txt'), '1');
      writeFileSync(join(folder, 'ü b', 'two+2.txt'), '22');
      await aws('s3', 'sync', QUIET, bucket, `${there}/sync`);
      expect(await listed('sync/')).toEqual(['1 sync/one.txt', '2 sync/ü b/two+2.txt']);
      expect(await aws('s3', 'sync', bucket, `${there}/sync`)).toBe('');
      await aws('s3', 'sync', QUIET, `${there}/sync`, `${bucket}-back`);
      expect(readFileSync(join(world.folder, `${bucket}-back`, 'ü b', 'two+2.txt'), 'utf8')).toBe('22');
      writeFileSync(join(folder, 'three.txt'), '333');
      await aws('s3', 'sync', QUIET, '--delete', '--exclude', 'ü b/*', bucket, `${there}/sync`);
      expect(await listed('sync/t')).toEqual(['3 sync/three.txt']);
    },
    120_000,
  );

  testWith(part)(
    `${name} removes one object, then many, then the bucket with its last`,
    async () => {
      await aws('s3', 'mb', `${there}-rm`);
      for (const key of ['a ü.txt', 'b/1', 'b/2', 'c'])
        await aws('s3', 'cp', QUIET, 'objeto.txt', `${there}-rm/${key}`);
      await aws('s3', 'rm', QUIET, `${there}-rm/a ü.txt`);
      await aws('s3', 'rm', QUIET, '--recursive', `${there}-rm/b`);
      expect(await aws('s3', 'ls', `${there}-rm`)).toMatch(/^.* 8 c\n$/);
      await aws('s3', 'rb', '--force', `${there}-rm`);
      expect(await aws('s3', 'ls')).not.toContain(`${bucket}-rm`);
    },
    120_000,
  );
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
