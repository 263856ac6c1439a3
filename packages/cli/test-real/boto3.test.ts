import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { CALLER_ARN, startAwsWorld, type AwsWorld, type ClientEnvironment } from './support/aws-world.js';

const PYTHON = join(realPart('REAL_AWS') ?? '', 'python');

let world: AwsWorld;
beforeAll(async () => {
  world = await startAwsWorld();
});
afterAll(() => world.close());

const python = async (env: ClientEnvironment, script: string, ...args: string[]): Promise<unknown> => {
  const path = fileURLToPath(new URL(`./support/${script}`, import.meta.url));
  const run = await runCleanly([PYTHON, path, ...args], { cwd: world.folder, env });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return JSON.parse(run.stdout);
};

describe.each([
  ['boto3 by the credential_process line', async () => world.byProfile],
  ['boto3 by credentials in the environment', () => world.byCredentials()],
] as const)('%s', (_, environment) => {
  testWith('REAL_AWS').each([
    ['tells who it is', 'identity', CALLER_ARN],
    ['uploads 12 MiB in two parts and downloads them', 'upload_and_download', [true, 12_582_912, '2']],
    [
      'puts and gets an object with its type and metadata, whole and in part',
      'put_and_get',
      ['¡Hola!', 'text/plain', { a: 'b c' }, 'Hola'],
    ],
    [
      'lists in pages and by common prefix',
      'list_in_pages',
      [
        [['a/1', 'a/2', 'b ü/1'], ['c']],
        ['a/', 'b ü/'],
      ],
    ],
    ['presigns URLs to put and to get, which cannot be changed', 'presigned_urls', [200, 'presigned', 403]],
    ['deletes one object, many, and the bucket', 'delete', [['boto3/un ü+1.txt', 'two'], 'NoSuchKey', false]],
  ])(
    'boto3 %s',
    async (_behaviour, name, output) => {
      expect(await python(await environment(), 'boto3_client.py', name)).toEqual(output);
    },
    60_000,
  );
});
