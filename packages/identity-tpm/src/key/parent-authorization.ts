import { IdentityError } from '@rolesanywhere/signer';
import { handleText } from '../tpm/constants.js';
import { isRefusal } from '../tpm/tpm-error.js';
import type { KeyLabels } from './explain.js';
import type { Password } from './password.js';

/** The password of a parent, or of the hierarchy that it is in. */
export interface ParentAuthorization {
  /** Asks for it, if one was given. @throws IdentityError */
  prepare(): Promise<void>;
  /** What was asked for; empty when none was given. */
  password(): Uint8Array;
  wasGiven(): boolean;
  /** Remembers a refusal of it. @throws IdentityError `PASSPHRASE_WRONG`, `PASSPHRASE_REQUIRED`, else what `using` throws */
  guarded<Answer>(using: Promise<Answer>): Promise<Answer>;
}

/** Whose password it is. */
export interface ParentAuthorizationInit {
  /** Handle of a persistent key, or of a hierarchy. */
  readonly parent: number;
  readonly labels: KeyLabels;
  readonly password: Password;
}

const NO_PASSWORD = new Uint8Array(0);
/** The commands that the password of a parent authorises. */
const OWN_COMMANDS: ReadonlySet<string> = new Set(['TPM2_CreatePrimary', 'TPM2_Import', 'TPM2_Load']);

/** The password of a parent, tried once. */
export function createParentAuthorization(init: ParentAuthorizationInit): ParentAuthorization {
  const target = handleText(init.parent);
  let given: Uint8Array | undefined;
  return {
    async prepare() {
      given = await init.password.ask(target);
    },
    password: () => given ?? NO_PASSWORD,
    wasGiven: () => given !== undefined,
    guarded(using) {
      return using.catch((error: unknown) => {
        const isOwn = OWN_COMMANDS.has((isRefusal(error) && error.command) || '');
        if (!isOwn || !isRefusal(error, 'TPM_RC_AUTH_FAIL', 'TPM_RC_BAD_AUTH')) throw error;
        init.password.refuse(target);
        throw given === undefined ? required(init) : wrong(init, error);
      });
    },
  };
}

function wrong(init: ParentAuthorizationInit, cause: unknown): IdentityError {
  const message = `The TPM refused the password given as \`parentPassword\` for the ${place(init)}. Correct it; it is not tried again.`;
  return new IdentityError({ code: 'PASSPHRASE_WRONG', message, cause });
}

function required(init: ParentAuthorizationInit): IdentityError {
  const message = `The ${place(init)} has a password, and none was given. Set \`parentPassword\`.`;
  return new IdentityError({ code: 'PASSPHRASE_REQUIRED', message });
}

function place({ parent, labels }: ParentAuthorizationInit): string {
  return `parent ${handleText(parent)} of the key ${labels.key} in the TPM at ${labels.device}`;
}
