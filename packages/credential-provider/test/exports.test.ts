import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import * as door from '@rolesanywhere/credential-provider';
import { version } from '../src/version.js';

test('the door has these run-time exports and no others', () => {
  expect(Object.keys(door).toSorted()).toEqual([
    'ConfigurationError',
    'IdentityError',
    'RolesAnywhereError',
    'SessionError',
    'SigningError',
    'createSession',
    'createSigningKey',
    'createX509Identity',
    'eventChannels',
    'fileSessionCache',
    'fromPem',
    'fromPemFiles',
    'fromRolesAnywhere',
    'isRolesAnywhereError',
    'sessionErrorCodes',
  ]);
});

test('the version in the User-Agent is that of package.json', () => {
  const manifest: unknown = JSON.parse(readFileSync('packages/credential-provider/package.json', 'utf8'));
  expect(manifest).toMatchObject({ version });
});
