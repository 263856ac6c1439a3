import { expect, test } from '@jest/globals';
import { isRolesAnywhereError } from '@rolesanywhere/signer';
import type { IdentityUnderTest } from './identity-under-test.js';
import { verifies } from './verifies.js';

/** For sources that can be closed; nothing can be asked of them afterwards. */
export function closingTests(subject: () => IdentityUnderTest): void {
  test('closed in the midst of 200 signatures, ends each well or as closed', async () => {
    const { provider } = subject();
    if (provider.close === undefined) throw new Error('say that it lacks close()');
    const { key, certificate } = await provider();
    const pem = pemOf(certificate.der);
    const endOf = async (message: Uint8Array): Promise<unknown> => {
      try {
        return verifies(pem, message, await key.sign(message)) ? 'verified' : 'wrong';
      } catch (error) {
        return isRolesAnywhereError(error) ? error.code : error;
      }
    };
    const ends = Array.from({ length: 200 }, (_, index) => endOf(Buffer.from(`message ${index}`)));
    await provider.close();
    expect(['verified', 'SIGNING_FAILED']).toEqual(
      expect.arrayContaining([...new Set(await Promise.all(ends))]),
    );
    expect(await endOf(Buffer.from('too late'))).toBe('SIGNING_FAILED');
  });

  test('says that it was closed, and can be closed twice', async () => {
    const { provider } = subject();
    if (provider.close === undefined) throw new Error('say that it lacks close()');
    await provider.close();
    await provider.close();
    const closed = { code: 'IDENTITY_UNAVAILABLE', message: expect.stringContaining('closed') };
    await expect(provider()).rejects.toMatchObject(closed);
  });
}

function pemOf(der: Uint8Array): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
}
