import type { Tpm } from '../device/tpm-device.js';

/** Where a key is, and how it is made ready to sign. */
export interface KeyLocation {
  /** Works with the key loaded; afterwards nothing of it is left in a slot of the TPM. @throws TpmError, IdentityError */
  withKey<Answer>(tpm: Tpm, work: (handle: number) => Promise<Answer>): Promise<Answer>;
  /** Asks for what must be asked of people, before the TPM is taken. @throws IdentityError */
  prepare(): Promise<void>;
}
