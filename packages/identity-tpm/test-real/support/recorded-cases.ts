import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCleanly } from '../../../../tools/test-support/real-parts.js';
import {
  encodeObject,
  makeByOpenssl,
  makeByTools,
  makeImportable,
  makePersistent,
  type KeyWish,
  type ToolsWish,
} from './make-keys.js';
import type { Swtpm } from './start-swtpm.js';

/** What is recorded: how the key `key` is made in a new TPM, and with what it is used. */
export interface RecordedCase {
  readonly title: string;
  readonly handle?: string;
  readonly password?: string;
  /** Makes the key. */
  make(tpm: Swtpm): Promise<void>;
  /** Just before the key is used. */
  disturb?(tpm: Swtpm): Promise<void>;
}

const PASSWORD = 'right';

/** Every case, by the name of its file. */
export const RECORDED_CASES: Readonly<Record<string, RecordedCase>> = {
  'handle-p256': {
    title: 'a persistent P-256 key by tpm2-tools',
    handle: 'handle:0x81000101',
    password: PASSWORD,
    make: (tpm) => persistent(tpm, 'key', { algorithm: 'ecc256:ecdsa-sha256', password: PASSWORD }),
  },
  'handle-rsa': {
    title: 'a persistent RSA key by tpm2-tools',
    handle: 'handle:0x81000101',
    make: (tpm) => persistent(tpm, 'key', { algorithm: 'rsa2048' }),
  },
  'key-file-p256': {
    title: 'a P-256 key file by OpenSSL, without a password',
    make: (tpm) => makeByOpenssl(tpm, 'key', { type: 'P-256' }),
  },
  'key-file-p384': keyFile('a P-384 key file by OpenSSL, with a password', { type: 'P-384' }),
  'key-file-rsa': keyFile('an RSA key file by OpenSSL, with a password', { type: 'RSA' }),
  'persistent-parent': {
    title: 'a key file by OpenSSL below a persistent parent',
    async make(tpm) {
      await tpm.run('tpm2_createprimary', '-Q', '-C', 'o', '-G', 'ecc', '-c', 'srk.ctx');
      await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', 'srk.ctx', '0x81000001');
      await makeByOpenssl(tpm, 'key', { type: 'P-256', parent: '0x81000001' });
    },
  },
  'tools-rsa-parent': {
    title: 'a key file by tpm2_encodeobject below an RSA parent',
    async make(tpm) {
      await makeByTools(tpm, 'key', { algorithm: 'ecc256', parent: ['-C', 'o', '-G', 'rsa'] });
      await encodeObject(tpm, 'key');
    },
  },
  importable: {
    title: 'an importable P-256 key by tpm2_duplicate',
    make: (tpm) => makeImportable(tpm, 'key'),
  },
  'wrong-password': {
    title: 'a wrong password',
    password: 'wrong',
    make: (tpm) => makeByOpenssl(tpm, 'key', { type: 'P-256', password: PASSWORD }),
  },
  lockout: {
    title: 'a TPM in dictionary lockout',
    password: PASSWORD,
    make: lockedOut,
  },
  'no-such-handle': {
    title: 'a handle with nothing at it',
    handle: 'handle:0x81000999',
    make: (tpm) => makeByOpenssl(tpm, 'key', { type: 'P-256' }),
  },
  'slots-taken': {
    title: 'all slots taken by others',
    make: (tpm) => makeByOpenssl(tpm, 'key', { type: 'P-256' }),
    disturb: takeSlots,
  },
};

/** Loads keys of others into all three slots of a TPM. */
export async function takeSlots(tpm: Swtpm): Promise<void> {
  const env = { TPM2TOOLS_TCTI: tpm.device.replace('unix:', 'swtpm:path=') };
  for (let count = 0; count < 3; count += 1)
    await runCleanly(['tpm2_createprimary', '-Q', '-C', 'o', '-G', 'ecc', '-c', `${count}`], {
      cwd: tpm.folder,
      env,
    });
}

function keyFile(title: string, wish: KeyWish): RecordedCase {
  return {
    title,
    password: PASSWORD,
    make: (tpm) => makeByOpenssl(tpm, 'key', { ...wish, password: PASSWORD }),
  };
}

async function persistent(tpm: Swtpm, name: string, wish: ToolsWish): Promise<void> {
  await makeByTools(tpm, name, wish);
  await makePersistent(tpm, name, '0x81000101');
}

async function lockedOut(tpm: Swtpm): Promise<void> {
  await makeByOpenssl(tpm, 'key', { type: 'P-256', password: PASSWORD });
  await persistent(tpm, 'other', { algorithm: 'ecc256', password: PASSWORD });
  writeFileSync(join(tpm.folder, 'message'), 'a message');
  const wrong = ['-c', '0x81000101', '-p', 'wrong', '-o', 'none', 'message'];
  for (let count = 0; count < 3; count += 1)
    await tpm.run('tpm2_sign', '-Q', ...wrong).catch(() => undefined);
}
