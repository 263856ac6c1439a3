import { IdentityError } from '@rolesanywhere/signer';
import type { Tpm } from '../device/tpm-device.js';
import { properties } from '../tpm/get-capability.js';
import { TpmError, isRefusal } from '../tpm/tpm-error.js';

/** An authorization that is about to be tried for the first time. */
export interface FirstTry {
  /** As it was given: `/dev/tpmrm0`. */
  readonly device: string;
  /** What the password is of, for messages: `the key handle:0x81000001`. */
  readonly subject: string;
  /** False when no password was given and the empty one is tried. */
  readonly hasPassword: boolean;
  /** Its file says that there is a password. */
  readonly saysPassword: boolean;
}

/** One part in eight, and one at least: of 32 tries, as most machines have, four. */
const RESERVED_PART = 8;
/**
 * TPM_PT of the failed tries, of how many lead to the lockout, and of the seconds after which one is forgotten.
 *
 * @see TPM 2.0 Library Part 2 §6.13
 */
const LOCKOUT_COUNTER = 0x20e;
const MAXIMUM_FAILURES = 0x20f;
const LOCKOUT_INTERVAL = 0x210;

/**
 * Stands before the first try of a password that a TPM counts when it is wrong: the last tries before the dictionary lockout,
 * which would lock every such key of the machine, are left to others; and an empty password that is likely to be wrong is
 * only tried in the first half of what is allowed.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` in the lockout and shortly before it, `PASSPHRASE_REQUIRED`
 * @see TPM 2.0 Library Part 1 §19.8 (dictionary attack protection)
 */
export async function guardFirstTry(tpm: Tpm, first: FirstTry): Promise<void> {
  const counters = await tpm.execute(properties(LOCKOUT_COUNTER, 3)).catch((error: unknown) => {
    // Some layers in front of a TPM do not let this through; then nobody can tell.
    if (isRefusal(error)) return new Map<number, number>();
    throw error;
  });
  const failures = counters.get(LOCKOUT_COUNTER) ?? 0;
  const most = counters.get(MAXIMUM_FAILURES) ?? Number.MAX_SAFE_INTEGER;
  if (failures * 2 >= most && !first.hasPassword && first.saysPassword) throw passwordRequired(first.subject);
  // A TPM whose interval is zero counts no wrong passwords.
  const reserved = counters.get(LOCKOUT_INTERVAL) === 0 ? 0 : Math.max(1, Math.floor(most / RESERVED_PART));
  if (failures < most - reserved) return;
  throw closeToLockout(first, failures, most);
}

function closeToLockout({ device, subject }: FirstTry, failures: number, most: number): IdentityError {
  const counts = `counts ${failures} of ${most} wrong passwords`;
  const state =
    failures < most
      ? `${counts}: the last ones before its dictionary lockout are left to others`
      : `is in dictionary lockout (TPM_RC_LOCKOUT, 0x921): it ${counts}`;
  const message = `The TPM at ${device} ${state}. The password of ${subject} is not tried. Wait until the TPM forgets one (tpm2_getcap properties-variable tells how long), or clear the counter with tpm2_dictionarylockout --clear-lockout.`;
  const cause = new TpmError({ failure: 'spared', message: `it ${counts}` });
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message, cause });
}

/** There is a password, and none was given. */
export function passwordRequired(subject: string): IdentityError {
  const message = `${subject.replace(/^t/, 'T')} has a password, and none was given. Set \`password\`; an empty text, if it has none after all.`;
  return new IdentityError({ code: 'PASSPHRASE_REQUIRED', message });
}
