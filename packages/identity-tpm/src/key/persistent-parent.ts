import { IdentityError, type IdentityErrorCode } from '@rolesanywhere/signer';
import type { Tpm } from '../device/tpm-device.js';
import { readPublic } from '../tpm/commands.js';
import { ATTRIBUTE, handleText } from '../tpm/constants.js';
import { attributesOf } from '../tpm/public-area.js';
import { isRefusal, malformed } from '../tpm/tpm-error.js';
import { guardFirstTry } from './dictionary-guard.js';
import type { KeyLabels } from './explain.js';
import type { ParentAuthorization } from './parent-authorization.js';
import type { ParentKey } from './parent-key.js';

/** What a key needs that others are loaded below. @see TPM 2.0 Library Part 1 §23.1 (storage keys) */
const STORAGE = ATTRIBUTE.restricted | ATTRIBUTE.decrypt;

/**
 * A parent at a persistent handle. It is looked at before it is used, since a wrong password for it may be counted too, and so
 * that an error names it and not the key.
 */
export function persistentParent(
  handle: number,
  labels: KeyLabels,
  authorization: ParentAuthorization,
): ParentKey {
  const subject = `the parent ${handleText(handle)} of the key ${labels.key}`;
  let isProven = false;

  async function look(tpm: Tpm): Promise<void> {
    const attributes = await readAttributes(tpm, handle, (words, cause) =>
      failure('IDENTITY_UNAVAILABLE', `The TPM at ${labels.device} has not ${subject}: ${words}`, cause),
    );
    if ((attributes & STORAGE) !== STORAGE)
      throw failure(
        'PRIVATE_KEY_INVALID',
        `In the TPM at ${labels.device}, ${subject} is no storage key (restricted and decrypt), so nothing can be loaded below it. Give the file that belongs to this TPM.`,
      );
    if (isProven || (attributes & ATTRIBUTE.noDictionaryAttackProtection) !== 0) return;
    const hasPassword = authorization.wasGiven();
    await guardFirstTry(tpm, { device: labels.device, subject, hasPassword, saysPassword: false });
  }

  return {
    prepare: () => authorization.prepare(),
    async withParent(tpm, work) {
      await look(tpm);
      const answer = await authorization.guarded(work({ handle, password: authorization.password() }));
      isProven = true;
      return answer;
    },
  };
}

async function readAttributes(
  tpm: Tpm,
  handle: number,
  absent: (words: string, cause: unknown) => IdentityError,
): Promise<number> {
  try {
    const { publicArea } = await tpm.execute(readPublic(handle));
    return attributesOf(publicArea);
  } catch (error) {
    if (error instanceof RangeError) throw malformed('it answered with a parent that cannot be read', error);
    if (!isRefusal(error, 'TPM_RC_HANDLE', 'TPM_RC_VALUE')) throw error;
    throw absent(
      `${error.message}. tpm2_getcap handles-persistent shows what is there; make the parent again (tpm2_createprimary, tpm2_evictcontrol), or give the file that belongs to this TPM.`,
      error,
    );
  }
}

function failure(code: IdentityErrorCode, message: string, cause?: unknown): IdentityError {
  return new IdentityError({ code, message, cause });
}
