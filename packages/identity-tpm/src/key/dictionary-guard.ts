import { IdentityError } from '@rolesanywhere/signer';
import type { Tpm } from '../device/tpm-device.js';
import { properties } from '../tpm/get-capability.js';
import { isRefusal } from '../tpm/tpm-error.js';
import type { KeyLabels } from './explain.js';

/** An authorization that is about to be tried for the first time. */
export interface FirstTry extends KeyLabels {
  /** False when no password was given and the empty one is tried. */
  readonly hasPassword: boolean;
  /** The key file says that the key has a password. */
  readonly saysPassword: boolean;
}

/** One part in eight: of 32 tries, as most machines have, four. A TPM that allows fewer than eight has none to spare. */
const RESERVED_PART = 8;
/** TPM_PT of the failed tries, and of how many lead to the lockout. @see TPM 2.0 Library Part 2 §6.13 */
const LOCKOUT_COUNTER = 0x20e;
const MAXIMUM_FAILURES = 0x20f;

/**
 * Stands before the first try of a password on a key that counts wrong ones: the last tries before the dictionary lockout,
 * which would lock every such key of the machine, are left to others; and an empty password that is likely to be wrong is
 * only tried in the first half of what is allowed.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` in the lockout and shortly before it, `PASSPHRASE_REQUIRED`
 * @see TPM 2.0 Library Part 1 §19.8 (dictionary attack protection)
 */
export async function guardFirstTry(tpm: Tpm, first: FirstTry): Promise<void> {
  const counters = await tpm.execute(properties(LOCKOUT_COUNTER, 2)).catch((error: unknown) => {
    // Some layers in front of a TPM do not let this through; then nobody can tell.
    if (isRefusal(error)) return new Map<number, number>();
    throw error;
  });
  const failures = counters.get(LOCKOUT_COUNTER) ?? 0;
  const most = counters.get(MAXIMUM_FAILURES) ?? Number.MAX_SAFE_INTEGER;
  if (failures * 2 >= most && !first.hasPassword && first.saysPassword) throw passwordRequired(first.key);
  if (failures < most - Math.floor(most / RESERVED_PART)) return;
  const counts = `counts ${failures} of ${most} wrong passwords`;
  const state =
    failures < most
      ? `${counts}: the last ones before its dictionary lockout are left to others`
      : `is in dictionary lockout (TPM_RC_LOCKOUT, 0x921): it ${counts}`;
  const message = `The TPM at ${first.device} ${state}. The password of the key ${first.key} is not tried. Wait until the TPM forgets one (tpm2_getcap properties-variable tells how long), or clear the counter with tpm2_dictionarylockout --clear-lockout.`;
  throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

/** The key has a password, and none was given. */
export function passwordRequired(key: string): IdentityError {
  const message = `The key ${key} has a password, and none was given. Set \`password\`; an empty text, if it has none after all.`;
  return new IdentityError({ code: 'PASSPHRASE_REQUIRED', message });
}
