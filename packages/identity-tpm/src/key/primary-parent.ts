import type { Tpm } from '../device/tpm-device.js';
import { type LoadedObject, createPrimary } from '../tpm/commands.js';
import { STORAGE_TEMPLATES, type StorageTemplate } from '../tpm/storage-templates.js';
import { isRefusal } from '../tpm/tpm-error.js';
import type { ParentAuthorization } from './parent-authorization.js';
import type { LoadedParent, ParentKey } from './parent-key.js';
import type { Tss2Key } from './tss2-key.js';

const NO_PASSWORD = new Uint8Array(0);
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

/**
 * A storage key of a hierarchy. A file only names the hierarchy, and there is more than one storage key that can be meant: the
 * likely ones are tried until one of them made the key; that one is remembered.
 */
export function primaryParent(key: Tss2Key, authorization: ParentAuthorization): ParentKey {
  const primaries = new Map<StorageTemplate, string>();
  let right: StorageTemplate | undefined;

  async function withPrimary<Answer>(
    tpm: Tpm,
    template: StorageTemplate,
    work: (parent: LoadedParent) => Promise<Answer>,
  ): Promise<Answer> {
    const loading = {
      command: createPrimary(key.parent, authorization.password(), template.bytes),
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
    prepare: () => authorization.prepare(),
    async withParent(tpm, work) {
      const likely = STORAGE_TEMPLATES.filter(({ isRsa }) => isRsa || !key.rsaParent);
      const templates = right === undefined ? likely : [right];
      let told: unknown;
      for (const template of templates) {
        try {
          return await authorization.guarded(withPrimary(tpm, template, work));
        } catch (error) {
          const isWrongParent = isRefusal(error, 'TPM_RC_INTEGRITY', ...NOT_THERE) || isWrongImport(error);
          if (!isWrongParent) throw error;
          // Of several reasons that is the one that helps: those of other kinds of parents are of no use.
          if (told === undefined || !isRefusal(told, 'TPM_RC_INTEGRITY')) told = error;
        }
      }
      throw told;
    },
  };
}

/** What is encrypted for a parent of another kind is refused in as many ways as there are kinds. */
function isWrongImport(error: unknown): boolean {
  return isRefusal(error) && error.command === 'TPM2_Import' && error.response?.isWarning === false;
}
