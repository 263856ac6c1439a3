import { IdentityError } from '@rolesanywhere/signer';
import type { Tpm } from '../device/tpm-device.js';
import { type LoadedObject, createPrimary } from '../tpm/commands.js';
import { handleText, isPersistent } from '../tpm/constants.js';
import { STORAGE_TEMPLATES, type StorageTemplate } from '../tpm/storage-templates.js';
import { isRefusal } from '../tpm/tpm-error.js';
import type { KeyLabels } from './explain.js';
import type { Password } from './password.js';
import type { Tss2Key } from './tss2-key.js';

/** The key that others are loaded below. */
export interface ParentKey {
  /** Asks for its password, if one was given. @throws IdentityError */
  prepare(): Promise<void>;
  /**
   * Works with the parent loaded. A file only names a hierarchy, and there is more than one storage key that can be meant:
   * the likely ones are tried until one of them made the key; that one is remembered.
   *
   * @throws TpmError `TPM_RC_INTEGRITY` when no parent made the key; IdentityError `PASSPHRASE_WRONG`
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

const NO_PASSWORD = new Uint8Array(0);
/** The commands that the password of a parent authorises. */
const OWN_COMMANDS: ReadonlySet<string> = new Set(['TPM2_CreatePrimary', 'TPM2_Load']);
/** What a TPM answers that does not have the algorithms of a template. */
const NOT_THERE = [
  'TPM_RC_ASYMMETRIC',
  'TPM_RC_TYPE',
  'TPM_RC_CURVE',
  'TPM_RC_KEY_SIZE',
  'TPM_RC_SYMMETRIC',
  'TPM_RC_KDF',
  'TPM_RC_VALUE',
] as const;

/** The parent of the key of a file. */
export function parentKey({ key, labels, password }: ParentKeyInit): ParentKey {
  const target = handleText(key.parent);
  let given: Uint8Array = NO_PASSWORD;
  const primaries = new Map<StorageTemplate, string>();
  let right: StorageTemplate | undefined;

  async function guarded<Answer>(asking: Promise<Answer>): Promise<Answer> {
    return asking.catch((error: unknown) => {
      const isOwn =
        isRefusal(error, 'TPM_RC_AUTH_FAIL', 'TPM_RC_BAD_AUTH') && OWN_COMMANDS.has(error.command ?? '');
      if (!isOwn) throw error;
      password.refuse(target);
      throw wrongPassword(labels, target, given === NO_PASSWORD ? undefined : error);
    });
  }

  async function withPrimary<Answer>(
    tpm: Tpm,
    template: StorageTemplate,
    work: (parent: LoadedParent) => Promise<Answer>,
  ): Promise<Answer> {
    const command = createPrimary(key.parent, given, template.bytes);
    const loading = {
      command,
      expectedName: primaries.get(template),
      objectOf: (loaded: LoadedObject) => loaded,
    };
    return tpm.withTransient(loading, async ({ handle, name }) => {
      primaries.set(template, name);
      const answer = await work({ handle, password: NO_PASSWORD });
      right = template;
      return answer;
    });
  }

  return {
    async prepare() {
      given = (await password.ask(target)) ?? NO_PASSWORD;
    },
    async withParent(tpm, work) {
      if (isPersistent(key.parent)) return guarded(work({ handle: key.parent, password: given }));
      const likely = STORAGE_TEMPLATES.filter(({ isRsa }) => isRsa || !key.rsaParent);
      const templates = right === undefined ? likely : [right];
      for (const [place, template] of templates.entries()) {
        try {
          return await guarded(withPrimary(tpm, template, work));
        } catch (error) {
          const isWrongParent = isRefusal(error, 'TPM_RC_INTEGRITY', ...NOT_THERE);
          if (!isWrongParent || place === templates.length - 1) throw error;
        }
      }
      throw new TypeError('there is always a template');
    },
  };
}

function wrongPassword(labels: KeyLabels, parent: string, cause: unknown): IdentityError {
  const where = `parent ${parent} of the key ${labels.key} in the TPM at ${labels.device}`;
  if (cause !== undefined) {
    const message = `The TPM refused the password given as \`parentPassword\` for the ${where}. Correct it; it is not tried again.`;
    return new IdentityError({ code: 'PASSPHRASE_WRONG', message, cause });
  }
  const message = `The ${where} has a password, and none was given. Set \`parentPassword\`.`;
  return new IdentityError({ code: 'PASSPHRASE_REQUIRED', message });
}
