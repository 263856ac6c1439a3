import type { TpmDevice } from '../device/tpm-device.js';
import { IdentityError } from '@rolesanywhere/signer';
import { type PublicArea, nameOf, parsePublicArea } from '../tpm/public-area.js';
import { type KeyLabels, asIdentityError } from './explain.js';
import { fileKey } from './file-key.js';
import { judgeKey } from './judge-key.js';
import { parentKey } from './parent-key.js';
import type { Password } from './password.js';
import { persistentKey, readPersistentKey } from './persistent-key.js';
import { type TpmKey, createTpmKey } from './tpm-key.js';
import { readTss2Pem } from './tss2-pem.js';
import { type Tss2Key, parseTss2Key } from './tss2-key.js';

/** What keys of one source of identities have in common. */
export interface KeyContext {
  readonly device: TpmDevice;
  readonly password: Password;
  readonly parentPassword: Password;
  /** Names, in hexadecimal, of keys whose password was right once. */
  readonly proven: Set<string>;
  readonly labels: KeyLabels;
  readonly clock: () => Date;
  readonly checkOpen: () => void;
}

/**
 * The key of a TSS2 file. The TPM is not asked: the file has the public part.
 *
 * @throws IdentityError `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 */
export function openFileKey(file: Uint8Array, context: KeyContext): TpmKey {
  const { labels, parentPassword: password } = context;
  const key = parseTss2Key(readTss2Pem(file, labels.key), labels.key);
  const publicArea = publicAreaOf(key, labels);
  const plan = judgeKey(publicArea, labels.key);
  const name = nameOf(publicArea);
  const location = fileKey({ key, name, parent: parentKey({ key, labels, password }) });
  return createTpmKey({ ...context, location, publicArea, plan, saysPassword: saysPassword(key) });
}

/**
 * The key at a persistent handle, whose public part the TPM tells.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE`, `KEY_UNSUPPORTED`
 */
export async function openPersistentKey(handle: number, context: KeyContext): Promise<TpmKey> {
  const { labels } = context;
  try {
    const publicArea = await context.device.use((tpm) => readPersistentKey(tpm, handle));
    const plan = judgeKey(publicArea, labels.key);
    if (publicArea === undefined) throw new TypeError('only a public area has a plan');
    const location = persistentKey(handle, nameOf(publicArea), labels);
    return createTpmKey({ ...context, location, publicArea, plan, saysPassword: undefined });
  } catch (error) {
    throw asIdentityError(error, labels);
  }
}

/** tpm2_encodeobject 5 writes the flag the wrong way round, so that `false` can also mean that there is no password. */
function saysPassword({ emptyAuth }: Tss2Key): 'yes' | 'no' | 'unsure' {
  if (emptyAuth === undefined) return 'yes';
  return emptyAuth ? 'no' : 'unsure';
}

function publicAreaOf({ publicArea }: Tss2Key, { key }: KeyLabels): PublicArea {
  try {
    const parsed = parsePublicArea(publicArea);
    if (parsed !== undefined) {
      nameOf(parsed);
      return parsed;
    }
  } catch (cause) {
    const message = `The TPM key file ${key} is damaged: its public part cannot be read. Restore the file.`;
    throw new IdentityError({ code: 'PRIVATE_KEY_INVALID', message, cause });
  }
  const message = `The TPM key file ${key} holds neither an RSA nor an elliptic curve key. Make a key that can sign.`;
  throw new IdentityError({ code: 'KEY_UNSUPPORTED', message });
}
