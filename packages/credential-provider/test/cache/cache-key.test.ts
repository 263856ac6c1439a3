import { expect, test } from '@jest/globals';
import { cacheKey, type CacheKeyParts } from '../../src/cache/cache-key.js';
import { testIdentity } from '../support/identity.js';
import { arns } from '../support/options.js';

const identity = testIdentity();
const endpoint = {
  protocol: 'https:',
  hostname: 'rolesanywhere.eu-central-1.amazonaws.com',
  basePath: '',
  region: 'eu-central-1',
} as const;
const settings = { ...arns, identity, instanceProperties: { a: '1', b: '2' } };
const parts: CacheKeyParts = { settings, endpoint, identity };

function withSettings(other: Partial<CacheKeyParts['settings']>): CacheKeyParts {
  return { ...parts, settings: { ...settings, ...other } };
}

test('is 64 hexadecimal digits, the same for the same call', async () => {
  const key = await cacheKey(parts);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  const instanceProperties = { b: '2', a: '1' };
  expect(await cacheKey({ ...parts, settings: { ...settings, instanceProperties } })).toBe(key);
});

test('is another one for another trust anchor, profile, role, endpoint, duration, name, property or certificate', async () => {
  const others: readonly CacheKeyParts[] = [
    parts,
    withSettings({ trustAnchorArn: 'x' }),
    withSettings({ profileArn: 'x' }),
    withSettings({ roleArn: 'x' }),
    withSettings({ durationSeconds: 900 }),
    withSettings({ roleSessionName: 'x' }),
    withSettings({ instanceProperties: { a: '1' } }),
    { ...parts, endpoint: { ...endpoint, hostname: 'other.example' } },
    { ...parts, identity: testIdentity() },
  ];
  const keys = await Promise.all(others.map((other) => cacheKey(other)));
  expect(new Set(keys).size).toBe(others.length);
});

test('does not depend on the private key, so that nothing of it can be found out', async () => {
  const key = { algorithm: 'AWS4-X509-ECDSA-SHA256', sign: async () => new Uint8Array() } as const;
  expect(await cacheKey({ ...parts, identity: { ...identity, key } })).toBe(await cacheKey(parts));
});
