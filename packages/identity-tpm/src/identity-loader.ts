import { createHash } from 'node:crypto';
import {
  IdentityError,
  SigningError,
  type X509Identity,
  createX509Identity,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';
import type { TpmSettings } from './check-init.js';
import { createTpmDevice } from './device/tpm-device.js';
import type { FromTpmInit } from './from-tpm.js';
import { type KeyContext, openFileKey, openPersistentKey } from './key/open-key.js';
import { createPassword } from './key/password.js';
import type { TpmKey } from './key/tpm-key.js';
import { readFileOf } from './read-file.js';
import type { Timing } from './timing.js';
import { TpmError } from './tpm/tpm-error.js';

/** Reads the identity, and keeps it while nothing changes. */
export interface IdentityLoader {
  /** @throws IdentityError, SigningError `KEY_MISMATCH` */
  load(): Promise<X509Identity>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** What a loader is made of. */
export interface IdentityLoaderInit {
  readonly init: FromTpmInit;
  readonly settings: TpmSettings;
  readonly timing: Timing;
  readonly checkOpen: () => void;
}

interface Files {
  readonly certificate: Uint8Array;
  readonly chain: Uint8Array | undefined;
  readonly key: Uint8Array | undefined;
}

interface Kept<Value> {
  /** Of the bytes that it was made from. */
  readonly fingerprint: string;
  readonly value: Value;
}

/** Files are replaced within milliseconds, and who gave wrong ones shall hear of it at once. */
const REREADS = 3;
const REREAD_PAUSE_MILLISECONDS = 15;
const REREADS_WITHIN_MILLISECONDS = 45;
/** What files look like that are being replaced: missing, cut off, or new beside an old one. */
const ROTATION_CODES: ReadonlySet<string> = new Set([
  'IDENTITY_UNAVAILABLE',
  'CERTIFICATE_INVALID',
  'CHAIN_INVALID',
  'PRIVATE_KEY_INVALID',
  'KEY_MISMATCH',
]);

/** The files and the TPM behind one provider. Calls at the same time share one load. */
export function createIdentityLoader(parts: IdentityLoaderInit): IdentityLoader {
  const { init, timing, settings } = parts;
  const context = contextOf(parts);
  let key: Kept<TpmKey> | undefined;
  let identity: Kept<X509Identity> | undefined;
  let flight: Promise<X509Identity> | undefined;

  async function keyOf(files: Files): Promise<TpmKey> {
    // At a handle the TPM can hold another key now, without any file telling so; a new certificate is the sign of it.
    const fingerprint = files.key === undefined ? fingerprintOf(files.certificate) : fingerprintOf(files.key);
    if (key?.fingerprint === fingerprint) return key.value;
    const opened = files.key === undefined ? await openHandle() : openFileKey(files.key, context);
    const identified = await identify(init, files, opened);
    await opened.prove();
    key = { fingerprint, value: opened };
    identity = { fingerprint: fingerprintOf(...Object.values(files)), value: identified };
    return opened;
  }

  function openHandle(): Promise<TpmKey> {
    if (settings.handle === undefined) throw new TypeError('a key is in a file or has a handle');
    return openPersistentKey(settings.handle, context);
  }

  async function loadOnce(): Promise<X509Identity> {
    const files = await readFiles(parts);
    const opened = await keyOf(files);
    const fingerprint = fingerprintOf(...Object.values(files));
    if (identity?.fingerprint !== fingerprint || timing.clock() > identity.value.expiration)
      identity = { fingerprint, value: await identify(init, files, opened) };
    return identity.value;
  }

  async function load(): Promise<X509Identity> {
    const end = timing.clock().getTime() + REREADS_WITHIN_MILLISECONDS;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await loadOnce();
      } catch (error) {
        parts.checkOpen();
        const isInTime = attempt < REREADS && timing.clock().getTime() < end;
        if (isInTime && isRotation(error)) await timing.sleep(REREAD_PAUSE_MILLISECONDS);
        else if (identity !== undefined && timing.clock() <= identity.value.expiration) return identity.value;
        else throw error;
      }
    }
  }

  return {
    load() {
      flight ??= load().finally(() => {
        flight = undefined;
      });
      return flight;
    },
    close: () => context.device.close(),
  };
}

function contextOf({ init, settings, timing, checkOpen }: IdentityLoaderInit): KeyContext {
  return {
    device: createTpmDevice({ ...settings, timing }),
    password: createPassword(init.password, 'password'),
    parentPassword: createPassword(init.parentPassword, 'parentPassword'),
    proven: new Set(),
    labels: { device: settings.device, key: init.privateKey },
    clock: timing.clock,
    checkOpen,
  };
}

async function readFiles({ init, settings, timing }: IdentityLoaderInit): Promise<Files> {
  const [certificate, chain, key] = await Promise.all([
    readFileOf(init.certificate, timing.sleep),
    init.chain === undefined ? undefined : readFileOf(init.chain, timing.sleep),
    settings.handle === undefined ? readFileOf(init.privateKey, timing.sleep) : undefined,
  ]);
  return { certificate, chain, key };
}

/** Without the words of a caller of `createX509Identity`: its options are files here. */
async function identify(init: FromTpmInit, files: Files, key: TpmKey): Promise<X509Identity> {
  const { certificate, chain } = files;
  try {
    return await createX509Identity({ certificate, chain, key });
  } catch (error) {
    throw withPaths(error, init);
  }
}

function withPaths(error: unknown, { certificate, chain = '' }: FromTpmInit): unknown {
  if (!isRolesAnywhereError(error)) return error;
  const message = error.message
    .replaceAll('`certificate`', () => certificate)
    .replaceAll('`chain`', () => chain);
  const { cause } = error;
  if (error instanceof IdentityError) return new IdentityError({ code: error.code, message, cause });
  return error instanceof SigningError ? new SigningError({ code: error.code, message, cause }) : error;
}

/** A TPM that is away does not come back while one waits for a file. */
function isRotation(error: unknown): boolean {
  return isRolesAnywhereError(error) && ROTATION_CODES.has(error.code) && !(error.cause instanceof TpmError);
}

function fingerprintOf(...parts: readonly (Uint8Array | undefined)[]): string {
  return parts.map((part) => part && createHash('sha256').update(part).digest('base64')).join();
}
