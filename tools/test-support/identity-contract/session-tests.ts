import { X509Certificate } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { startAwsWorld } from '../aws-world.js';
import type { IdentityUnderTest } from './identity-under-test.js';
import { listenToProvider } from './listen-to-provider.js';
import { secretsShown } from './secrets-shown.js';
import { verifies } from './verifies.js';

/** What the identity is for: sessions of a service that verifies, before and after a renewal. */
export function sessionTests(subject: () => IdentityUnderTest): void {
  test('uploads an object with the session that it gets, and nothing that is told has a secret', async () => {
    const told = listenToProvider();
    const { world, credentials } = await enterWorld(subject(), told.logger);
    const s3 = world.s3(credentials);
    const where = { Bucket: world.bucket, Key: 'a b/ü.txt' };
    await s3.send(new PutObjectCommand({ ...where, Body: '¡Hola!' }));
    const { Body: body } = await s3.send(new GetObjectCommand(where));
    expect(await body?.transformToString()).toBe('¡Hola!');
    expect(await world.read(where.Key)).toBe('¡Hola!');
    const { secretAccessKey, sessionToken } = await credentials();
    s3.destroy();
    await world.close();
    const all = told.end();
    expect(all.length).toBeGreaterThan(0);
    expect(secretsShown(all, [...subject().secrets, secretAccessKey, sessionToken])).toEqual([]);
  });

  test('takes up a renewed certificate for the next session, and finishes what is under way', async () => {
    const { certificatePem, provider, rotate } = subject();
    const { world, credentials } = await enterWorld(subject());
    const { key } = await provider();
    const signatures = Array.from({ length: 10 }, () => key.sign(MESSAGE));
    const renewed = (await rotate?.()) ?? certificatePem;
    for (const signature of await Promise.all(signatures))
      expect(verifies(certificatePem, MESSAGE, signature)).toBe(true);

    const identity = await provider();
    const leaf = new X509Certificate(renewed);
    expect(Buffer.from(identity.certificate.der)).toEqual(leaf.raw);
    expect(verifies(renewed, MESSAGE, await identity.key.sign(MESSAGE))).toBe(true);
    const { accessKeyId } = await credentials({ forceRefresh: true });
    const { assumedRoleArn = '' } = world.emulator.findSession(accessKeyId) ?? {};
    expect(assumedRoleArn.toUpperCase()).toContain(leaf.serialNumber.toUpperCase());
    await world.close();
  });
}

const MESSAGE = Buffer.from('around a renewal');

async function enterWorld(
  { trustAnchorPem, provider }: IdentityUnderTest,
  logger?: ReturnType<typeof listenToProvider>['logger'],
) {
  const world = await startAwsWorld({ trustAnchorPem });
  const clientConfig = { requestHandler: world.emulator.requestHandler, maxAttempts: 1 };
  const credentials = fromRolesAnywhere({
    ...world.targets,
    identity: provider,
    clientConfig,
    ...(logger && { logger }),
  });
  return { world, credentials };
}
