import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import {
  type KeyWish,
  STORAGE_KEY_OF_TCG,
  encodeObject,
  makeAuthority,
  makeByOpenssl,
  makeByTools,
  makeImportable,
} from './support/make-keys.js';
import { makeByPython } from './support/make-by-python.js';
import { signWith } from './support/sign-with.js';
import { type Swtpm, startSwtpm } from './support/start-swtpm.js';

const testTpm = testWith('REAL_TPM');
let tpm: Swtpm;

beforeAll(async () => {
  if (realPart('REAL_TPM') === undefined) return;
  tpm = await startSwtpm();
  await makeAuthority(tpm);
}, 60_000);

afterAll(async () => {
  await tpm?.stop();
});

afterEach(async () => {
  if (realPart('REAL_TPM') !== undefined) expect(await tpm.loaded()).toBe('');
});

for (const [kind, password] of [
  ['ecc', 'pass1'],
  ['ecc', ''],
  ['rsa', 'pass1'],
  ['rsa', ''],
] as const) {
  testTpm(
    `takes a ${kind} key by tpm2-pytss, ${password === '' ? 'without' : 'with'} a password`,
    async () => {
      await makeByPython(tpm, 'python', { kind, password });
      expect(await signWith(tpm, 'python', password === '' ? {} : { password })).toBe(true);
      const wanted = signWith(tpm, 'python');
      if (password === '') expect(await wanted).toBe(true);
      else await expect(wanted).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
      await tpm.run('tpm2_dictionarylockout', '--clear-lockout');
    },
  );
}

testTpm('takes a key by tpm2-pytss below a persistent parent', async () => {
  await tpm.run('tpm2_createprimary', '-Q', ...STORAGE_KEY_OF_TCG, '-c', 'srk.ctx');
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', 'srk.ctx', '0x81000001');
  await makeByPython(tpm, 'below', { kind: 'ecc', password: '', parent: '0x81000001' });
  expect(await signWith(tpm, 'below')).toBe(true);
});

for (const wish of [{ type: 'P-521' }, { type: 'RSA', bits: 3072 }] as const satisfies readonly KeyWish[]) {
  testTpm(`takes a key by OpenSSL of the type ${Object.values(wish).join(' ')}`, async () => {
    await makeByOpenssl(tpm, 'wish', wish);
    expect(await signWith(tpm, 'wish')).toBe(true);
  });
}

testTpm('takes an importable key by tpm2_duplicate', async () => {
  await makeImportable(tpm, 'imported');
  expect(await signWith(tpm, 'imported')).toBe(true);
});

testTpm('takes an importable key that has a password', async () => {
  await makeImportable(tpm, 'imported', 'pass1');
  expect(await signWith(tpm, 'imported', { password: 'pass1' })).toBe(true);
});

testTpm('says that an importable key was made for another TPM', async () => {
  const other = await startSwtpm();
  try {
    await makeImportable(tpm, 'imported');
    await expect(signWith(tpm, 'imported', { device: other.device })).rejects.toMatchObject({
      code: 'PRIVATE_KEY_INVALID',
      message: expect.stringMatching(/TPM2_Import: TPM_RC_INTEGRITY/),
    });
    expect(await other.loaded()).toBe('');
  } finally {
    await other.stop();
  }
});

/** Fields of zeros as tpm2-tools take them: a size, and as much room as the largest key of that kind has. */
function zeros(octets: number, room: number): Buffer {
  const field = Buffer.alloc(2 + room);
  field.writeUInt16LE(octets);
  return field;
}

for (const [type, unique] of [
  ['ecc', Buffer.concat([zeros(32, 128), zeros(32, 128)])],
  ['rsa', zeros(256, 256)],
] as const) {
  testTpm(`takes a key below an ${type} parent that was made as the provisioning guidance says`, async () => {
    writeFileSync(join(tpm.folder, 'unique'), unique);
    const parent = ['-C', 'o', '-G', type, ...STORAGE_KEY_OF_TCG.slice(-2), '-u', 'unique'];
    await makeByTools(tpm, 'provisioned', { algorithm: 'ecc256', parent });
    await encodeObject(tpm, 'provisioned');
    expect(await signWith(tpm, 'provisioned')).toBe(true);
  });
}

testTpm('refuses data that OpenSSL or tpm2-tools sealed', async () => {
  await tpm.run('tpm2_createprimary', '-Q', ...STORAGE_KEY_OF_TCG, '-c', 'seal.parent');
  writeFileSync(join(tpm.folder, 'secret'), 'a secret');
  const parts = ['-C', 'seal.parent', '-u', 'sealed.tpub', '-r', 'sealed.tpriv'];
  await tpm.run('tpm2_create', '-Q', ...parts, '-i', 'secret');
  await tpm.run('tpm2_encodeobject', ...parts, '-o', 'sealed.pem');
  await makeByOpenssl(tpm, 'present', { type: 'P-256' });
  await expect(
    signWith(tpm, 'present', { privateKey: join(tpm.folder, 'sealed.pem') }),
  ).rejects.toMatchObject({
    code: 'KEY_UNSUPPORTED',
    message: expect.stringContaining('neither an RSA nor an elliptic curve key'),
  });
});
