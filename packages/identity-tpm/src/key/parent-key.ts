import type { Tpm } from '../device/tpm-device.js';
import { isPersistent } from '../tpm/constants.js';
import type { KeyLabels } from './explain.js';
import { createParentAuthorization } from './parent-authorization.js';
import type { Password } from './password.js';
import { persistentParent } from './persistent-parent.js';
import { primaryParent } from './primary-parent.js';
import type { Tss2Key } from './tss2-key.js';

/** The key that others are loaded below. */
export interface ParentKey {
  /** Asks for its password, if one was given. @throws IdentityError */
  prepare(): Promise<void>;
  /**
   * Works with the parent loaded.
   *
   * @throws TpmError `TPM_RC_INTEGRITY` when the parent did not make the key; IdentityError `PASSPHRASE_WRONG`,
   *   `PASSPHRASE_REQUIRED`
   */
  withParent<Answer>(tpm: Tpm, work: (parent: LoadedParent) => Promise<Answer>): Promise<Answer>;
}

/** A parent in the TPM. */
export interface LoadedParent {
  readonly handle: number;
  readonly password: Uint8Array;
}

/** What a parent is made of. */
export interface ParentKeyInit {
  readonly key: Tss2Key;
  readonly labels: KeyLabels;
  /** Of the persistent parent, or of the hierarchy. */
  readonly password: Password;
}

/** The parent of the key of a file. */
export function parentKey({ key, labels, password }: ParentKeyInit): ParentKey {
  const authorization = createParentAuthorization({ parent: key.parent, labels, password });
  return isPersistent(key.parent)
    ? persistentParent(key.parent, labels, authorization)
    : primaryParent(key, authorization);
}
