import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { fromTpm } from '../src/index.js';
import {
  certify,
  encodeObject,
  makeAuthority,
  makeByOpenssl,
  makeByTools,
  makePersistent,
  renameHierarchy,
  setRsaParent,
} from './support/make-keys.js';
import { startCuttingProxy } from './support/cutting-proxy.js';
import { signWith } from './support/sign-with.js';
import { type Swtpm, startSwtpm } from './support/start-swtpm.js';

const testTpm = testWith('REAL_TPM');
let tpm: Swtpm;

beforeAll(async () => {
  if (realPart('REAL_TPM') === undefined) return;
  tpm = await startSwtpm();
  await makeAuthority(tpm);
});

afterAll(async () => {
  await tpm?.stop();
});

beforeEach(async () => {
  if (realPart('REAL_TPM') !== undefined) await tpm.run('tpm2_dictionarylockout', '--clear-lockout');
});

/** The promise of every test here: whatever happened, nothing stays loaded. */
afterEach(async () => {
  if (realPart('REAL_TPM') === undefined) return;
  expect(await tpm.loaded()).toBe('');
});

const RSA_PARENT_OF_TCG = [
  '-C',
  'o',
  '-G',
  'rsa',
  '-a',
  'restricted|decrypt|fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda',
];

testTpm('takes a key file whose parent is persistent', async () => {
  await tpm.run('tpm2_createprimary', '-Q', '-C', 'o', '-G', 'rsa', '-c', 'srk.ctx');
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', 'srk.ctx', '0x81000001');
  await makeByOpenssl(tpm, 'persistent-parent', { type: 'P-256', parent: '0x81000001' });
  expect(await signWith(tpm, 'persistent-parent')).toBe(true);
});

testTpm('takes a key below a persistent parent that has a password', async () => {
  const parentOptions = ['-C', 'o', '-G', 'ecc', '-p', 'parent-secret', '-c', 'guarded.parent'];
  await tpm.run('tpm2_createprimary', '-Q', ...parentOptions);
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', 'guarded.parent', '0x81000002');
  const parts = ['-u', 'guarded.tpub', '-r', 'guarded.tpriv'];
  const parent = ['-C', '0x81000002', '-P', 'parent-secret'];
  await tpm.run(
    'tpm2_create',
    '-Q',
    ...parent,
    '-G',
    'ecc256',
    ...parts,
    '-a',
    'sign|userwithauth|sensitivedataorigin|fixedtpm|fixedparent',
  );
  await tpm.run('tpm2_encodeobject', ...parent, ...parts, '-o', 'guarded.pem');
  await tpm.run('tpm2_load', '-Q', ...parent, ...parts, '-c', 'guarded.ctx');
  await tpm.run('tpm2_readpublic', '-Q', '-c', 'guarded.ctx', '-f', 'pem', '-o', 'guarded.pub');
  expect(await signWith(tpm, 'guarded', { parentPassword: 'parent-secret' })).toBe(true);
  const before = await tpm.wrongPasswords();
  await expect(signWith(tpm, 'guarded', { parentPassword: 'wrong' })).rejects.toMatchObject({
    code: 'PASSPHRASE_WRONG',
    message: expect.stringContaining('parentPassword'),
  });
  expect(await tpm.wrongPasswords()).toBeLessThanOrEqual(before + 1);
  await expect(signWith(tpm, 'guarded')).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
});

for (const parent of [
  ['ECC parent of tpm2-tools', ['-C', 'o', '-G', 'ecc']],
  ['RSA parent of tpm2-tools', ['-C', 'o', '-G', 'rsa']],
  ['RSA parent of the TCG', RSA_PARENT_OF_TCG],
] as const) {
  testTpm(`takes a key file by tpm2_encodeobject below the ${parent[0]}`, async () => {
    await makeByTools(tpm, 'encoded', { algorithm: 'ecc256', parent: parent[1] });
    await encodeObject(tpm, 'encoded');
    expect(await signWith(tpm, 'encoded')).toBe(true);
    expect(await tpm.wrongPasswords()).toBe(0);
  });
}

testTpm('makes no ECC parent for a key file that says its parent is an RSA key', async () => {
  await makeByTools(tpm, 'rsa-parent', { algorithm: 'ecc256', parent: RSA_PARENT_OF_TCG });
  await encodeObject(tpm, 'rsa-parent');
  setRsaParent(tpm, 'rsa-parent');
  const proxy = await startCuttingProxy(tpm.device);
  try {
    expect(await signWith(tpm, 'rsa-parent', { device: proxy.device })).toBe(true);
    expect(proxy.commands.filter((code) => code === 0x131)).toHaveLength(1);
  } finally {
    proxy.close();
  }
});

testTpm('takes a key file that says it has no password although it has one', async () => {
  await makeByTools(tpm, 'inverted', { algorithm: 'rsa2048', password: 'pass1' });
  await encodeObject(tpm, 'inverted', '-p');
  expect(await signWith(tpm, 'inverted', { password: 'pass1' })).toBe(true);
});

for (const [name, letter, hierarchy] of [
  ['null', 'n', 0x40000007],
  ['endorsement', 'e', 0x4000000b],
  ['platform', 'p', 0x4000000c],
] as const) {
  testTpm(`takes a key file below the ${name} hierarchy`, async () => {
    await makeByTools(tpm, name, { algorithm: 'ecc256', parent: ['-C', letter, '-G', 'ecc'] });
    await encodeObject(tpm, name);
    renameHierarchy(tpm, name, hierarchy);
    expect(await signWith(tpm, name)).toBe(true);
  });
}

testTpm('takes a key below a hierarchy that has a password', async () => {
  await makeByOpenssl(tpm, 'owned', { type: 'P-256' });
  await tpm.run('tpm2_changeauth', '-c', 'owner', 'owner-secret');
  try {
    expect(await signWith(tpm, 'owned', { parentPassword: async () => 'owner-secret' })).toBe(true);
    await expect(signWith(tpm, 'owned')).rejects.toMatchObject({
      code: 'PASSPHRASE_REQUIRED',
      message: expect.stringContaining('parentPassword'),
    });
    await expect(signWith(tpm, 'owned', { parentPassword: 'wrong' })).rejects.toMatchObject({
      code: 'PASSPHRASE_WRONG',
    });
  } finally {
    await tpm.run('tpm2_changeauth', '-c', 'owner', '-p', 'owner-secret', '');
  }
  expect(await tpm.wrongPasswords()).toBe(0);
});

for (const algorithm of [
  'ecc384:ecdsa-sha384',
  'ecc256:ecdsa-sha384',
  'ecc384:ecdsa-sha256',
  'rsa2048:rsassa-sha256',
  'rsa3072',
]) {
  testTpm(`signs with SHA-256 by a key made as ${algorithm}`, async () => {
    await makeByTools(tpm, 'bound', { algorithm });
    await encodeObject(tpm, 'bound');
    expect(await signWith(tpm, 'bound')).toBe(true);
  });
}

const REFUSED = [
  ['rsa2048:rsapss:null', undefined, 'another scheme than RSASSA'],
  ['ecc256:ecdaa', undefined, 'another scheme than ECDSA'],
  [
    'rsa2048:rsassa-sha256:null',
    'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign',
    'restricted',
  ],
  ['rsa2048', 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|decrypt', 'not a signing key'],
  ['ecc256', 'fixedtpm|fixedparent|sensitivedataorigin|adminwithpolicy|sign', 'policy'],
] as const;

for (const [algorithm, attributes, reason] of REFUSED) {
  testTpm(`refuses a ${algorithm} key that is ${attributes ?? 'bound to its scheme'}`, async () => {
    await makeByTools(tpm, 'refused', { algorithm, ...(attributes === undefined ? {} : { attributes }) });
    await encodeObject(tpm, 'refused');
    await makePersistent(tpm, 'refused', '0x81000109');
    const expected = { code: 'KEY_UNSUPPORTED', message: expect.stringContaining(reason) };
    // A certificate for it is not needed to say so.
    writeFileSync(join(tpm.folder, 'refused.crt'), '');
    const init = { certificate: join(tpm.folder, 'refused.crt'), device: tpm.device };
    const file = fromTpm({ ...init, privateKey: join(tpm.folder, 'refused.pem') });
    await expect(file()).rejects.toMatchObject(expected);
    const handle = fromTpm({ ...init, privateKey: 'handle:0x81000109' });
    await expect(handle()).rejects.toMatchObject(expected);
    await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', '0x81000109');
  });
}

testTpm('says that a key file belongs to another TPM', async () => {
  const other = await startSwtpm();
  try {
    await makeByOpenssl(tpm, 'foreign', { type: 'P-256' });
    await expect(signWith(tpm, 'foreign', { device: other.device })).rejects.toMatchObject({
      code: 'PRIVATE_KEY_INVALID',
      message: expect.stringMatching(/TPM_RC_INTEGRITY.*Make the key with this TPM/),
    });
    expect(await other.loaded()).toBe('');
  } finally {
    await other.stop();
  }
});

testTpm('says that nothing is at a handle', async () => {
  await makeByOpenssl(tpm, 'present', { type: 'P-256' });
  await expect(signWith(tpm, 'present', { privateKey: 'handle:0x81abcdef' })).rejects.toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringMatching(/handle:0x81abcdef.*TPM_RC_HANDLE \(0x18b, handle 1\)/),
  });
});

testTpm('refuses a certificate of another key before it tries a password', async () => {
  await makeByOpenssl(tpm, 'one', { type: 'P-256', password: 'right' });
  await makeByOpenssl(tpm, 'other', { type: 'P-256', password: 'right' });
  await certify(tpm, 'other');
  const init = { certificate: join(tpm.folder, 'other.crt'), password: 'wrong' };
  await expect(signWith(tpm, 'one', init)).rejects.toMatchObject({ code: 'KEY_MISMATCH' });
  expect(await tpm.wrongPasswords()).toBe(0);
});
