import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { changePathAfterSigning, createS3Client, type Keys } from './support/s3-client.js';
import { startCephChain, type CephChain } from './support/start-ceph-chain.js';
import { UPLOAD_BY_BOTO3 } from './support/upload-by-boto3.js';

const KEY = 'a b/ü.txt';
const TEXT = '¡Hola!\n';

const testWithClients = realPart('REAL_CEPH') === undefined ? testWith('REAL_CEPH') : testWith('REAL_AWS');

describe('a store that checks every request itself takes the sessions of a certificate', () => {
  let folder = '';
  let chain: CephChain | undefined;
  let s3: S3Client;
  let keys: Keys;
  let foreignKeys: Keys;

  beforeAll(async () => {
    if (realPart('REAL_CEPH') === undefined) return;
    folder = mkdtempSync(join(tmpdir(), 'real-chain-'));
    chain = await startCephChain(folder);
    s3 = createS3Client(chain.cephUrl, chain.server);
    [keys, foreignKeys] = await Promise.all([chain.server(), chain.otherServer()]);
    await s3.send(new CreateBucketCommand({ Bucket: 'example' }));
    await s3.send(new PutObjectCommand({ Bucket: 'example', Key: KEY, Body: TEXT }));
    await s3.send(new PutObjectCommand({ Bucket: 'example', Key: 'other', Body: 'other' }));
  }, 150_000);

  afterAll(async () => {
    await chain?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const read = async (
    client: S3Client,
    where: { bucket?: string; key?: string } = {},
  ): Promise<string | undefined> => {
    const { bucket = 'example', key = KEY } = where;
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return body?.transformToString();
  };
  const clientWith = (changed: Keys): S3Client => createS3Client(chain?.cephUrl ?? '', changed);

  testWith('REAL_CEPH')('S3Client makes a bucket, uploads, reads back and lists', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'by-s3-client' }));
    await s3.send(new PutObjectCommand({ Bucket: 'by-s3-client', Key: KEY, Body: TEXT }));
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'by-s3-client', Prefix: 'a b/' }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual([KEY]);
    expect(await read(s3, { bucket: 'by-s3-client' })).toBe(TEXT);
  });

  testWith('REAL_CEPH')('the credentials are those that Ceph made, and good for another client', async () => {
    expect(keys.accessKeyId).not.toMatch(/^ASIAEMULATOR/);
    expect(keys.accessKeyId).not.toBe(foreignKeys.accessKeyId);
    expect(await read(clientWith(keys))).toBe(TEXT);
    expect(await read(clientWith(foreignKeys))).toBe(TEXT);
  });

  testWith('REAL_CEPH')('uploads go on across several refreshes, each with new keys of Ceph', async () => {
    const { server } = chain ?? {};
    if (server === undefined) throw new Error('the chain did not start');
    const used = new Set<string>();
    for (const round of [1, 2, 3, 4]) {
      const uploads = [1, 2, 3, 4, 5].map((part) =>
        s3.send(
          new PutObjectCommand({ Bucket: 'example', Key: `${round}/${part}`, Body: `${round}.${part}` }),
        ),
      );
      // The new session comes while requests of the old one are under way.
      const [{ accessKeyId }] = await Promise.all([server({ forceRefresh: true }), ...uploads]);
      used.add(accessKeyId);
      expect(await read(s3, { key: `${round}/5` })).toBe(`${round}.5`);
    }
    expect(used.size).toBe(4);
  });

  testWith('REAL_CEPH')('a wrong secret is refused', async () => {
    await expect(
      read(clientWith({ ...keys, secretAccessKey: foreignKeys.secretAccessKey })),
    ).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403 },
    });
  });

  testWith('REAL_CEPH')('keys without their session token are refused', async () => {
    await expect(read(clientWith(withoutToken(keys)))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
  });

  testWith('REAL_CEPH')('the token of another session is refused', async () => {
    await expect(read(clientWith({ ...keys, sessionToken: tokenOf(foreignKeys) }))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
  });

  testWith('REAL_CEPH')('a token that Ceph never made is refused', async () => {
    await expect(read(clientWith({ ...keys, sessionToken: 'bm90IGEgdG9rZW4=' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
  });

  testWith('REAL_CEPH')('a path changed after signing is refused', async () => {
    const tampered = changePathAfterSigning(clientWith(keys), '/example/other');
    expect(await read(clientWith(keys), { key: 'other' })).toBe('other');
    await expect(read(tampered)).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403 },
    });
  });

  testWith('REAL_CEPH')('a request that nobody signed is refused', async () => {
    const answer = await fetch(`${chain?.cephUrl}/example/other`);
    expect({ status: answer.status, text: await answer.text() }).toMatchObject({
      status: 403,
      text: expect.stringContaining('AccessDenied'),
    });
  });

  const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runCleanly([join(realPart('REAL_AWS') ?? '', program), ...args], {
      cwd: folder,
      env: { ...chain?.env, ...env },
    });
  const aws = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run('aws', args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };

  testWithClients(
    'the AWS CLI makes a bucket, uploads, lists and downloads by our command',
    async () => {
      writeFileSync(join(folder, 'hello.txt'), TEXT);
      await aws('s3', 'mb', 's3://by-aws-cli');
      await aws('s3', 'cp', '--only-show-errors', 'hello.txt', `s3://by-aws-cli/${KEY}`);
      expect(await aws('s3', 'ls', 's3://by-aws-cli/a b/')).toMatch(/ 8 ü\.txt\n$/);
      await aws('s3', 'cp', '--only-show-errors', `s3://by-aws-cli/${KEY}`, 'back.txt');
      expect(readFileSync(join(folder, 'back.txt'), 'utf8')).toBe(TEXT);
    },
    120_000,
  );

  testWithClients(
    'the AWS CLI is refused with a wrong secret, without the token and with a foreign one',
    async () => {
      const outcome = async (given: Keys): Promise<string> => {
        // The CLI stumbles over Ceph's errors, which have no message, before it names them; its log has the answer.
        const list = ['s3api', 'list-objects-v2', '--bucket', 'example', '--debug'];
        const { exitCode, stderr } = await run('aws', list, {
          AWS_PROFILE: 'keys',
          AWS_ACCESS_KEY_ID: given.accessKeyId,
          AWS_SECRET_ACCESS_KEY: given.secretAccessKey,
          ...(given.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: given.sessionToken }),
        });
        return exitCode === 0
          ? 'accepted'
          : (/<Code>(\w+)<\/Code>/.exec(stderr)?.[1] ?? `exit code ${exitCode}`);
      };
      expect(await outcome(keys)).toBe('accepted');
      expect(await outcome({ ...keys, secretAccessKey: foreignKeys.secretAccessKey })).toBe(
        'SignatureDoesNotMatch',
      );
      expect(await outcome(withoutToken(keys))).toBe('AccessDenied');
      expect(await outcome({ ...keys, sessionToken: tokenOf(foreignKeys) })).toBe('AccessDenied');
    },
    120_000,
  );

  testWithClients(
    'boto3 uploads, reads back and lists by our command, and is refused with anything but what it got',
    async () => {
      writeFileSync(join(folder, 'upload.py'), UPLOAD_BY_BOTO3);
      const { exitCode, stdout, stderr } = await run('python', ['upload.py'], {
        FOREIGN_SECRET: foreignKeys.secretAccessKey,
        FOREIGN_TOKEN: tokenOf(foreignKeys),
      });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(JSON.parse(stdout)).toEqual({
        text: '¡Hola!',
        listed: [KEY],
        unchanged: 'accepted',
        wrongSecret: '403 SignatureDoesNotMatch',
        noToken: '403 AccessDenied',
        foreignToken: '403 AccessDenied',
        tamperedPath: '403 SignatureDoesNotMatch',
      });
    },
    120_000,
  );
});

function withoutToken({ accessKeyId, secretAccessKey }: Keys): Keys {
  return { accessKeyId, secretAccessKey };
}

function tokenOf({ sessionToken }: Keys): string {
  if (sessionToken === undefined) throw new Error('a session has a token');
  return sessionToken;
}
