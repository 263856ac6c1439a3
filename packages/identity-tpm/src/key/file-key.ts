import type { Tpm } from '../device/tpm-device.js';
import { contextLoad, contextSave, load } from '../tpm/commands.js';
import { isRefusal, malformed } from '../tpm/tpm-error.js';
import type { KeyLocation } from './key-location.js';
import type { ParentKey } from './parent-key.js';
import type { Tss2Key } from './tss2-key.js';

/** What the key of a file is loaded with. */
export interface FileKeyInit {
  readonly key: Tss2Key;
  /** Its name, in hexadecimal. */
  readonly name: string;
  readonly parent: ParentKey;
}

/**
 * A key whose file is loaded into the TPM. That is done once; then the TPM saves it as a context, which it takes back
 * without the parent and in a fraction of the time, until it is reset. Between signatures nothing stays loaded.
 */
export function fileKey({ key, name, parent }: FileKeyInit): KeyLocation {
  let context: Uint8Array | undefined;

  async function withContext<Answer>(
    tpm: Tpm,
    saved: Uint8Array,
    work: (handle: number) => Promise<Answer>,
  ): Promise<Answer> {
    return tpm.withTransient(
      { command: contextLoad(saved), expectedName: name, objectOf: (handle) => ({ handle, name }) },
      work,
    );
  }

  async function loadFromFile<Answer>(tpm: Tpm, work: (handle: number) => Promise<Answer>): Promise<Answer> {
    await parent.prepare();
    return parent.withParent(tpm, ({ handle, password }) => {
      const command = load(handle, password, key);
      return tpm.withTransient(
        { command, expectedName: name, objectOf: (loaded) => ({ handle: loaded.handle, name }) },
        async (loaded) => {
          if (loaded.name !== name) throw malformed('it loaded another key than the one that it was given');
          context = await savedContext(tpm, loaded.handle);
          return work(loaded.handle);
        },
      );
    });
  }

  return {
    async prepare() {
      if (context === undefined) await parent.prepare();
    },
    async withKey(tpm, work) {
      if (context === undefined) return loadFromFile(tpm, work);
      try {
        return await withContext(tpm, context, work);
      } catch (error) {
        if (!isRefusal(error) || error.command !== 'TPM2_ContextLoad' || error.response?.isWarning === true)
          throw error;
        // The TPM was reset, and does not know what it saved before.
        context = undefined;
        return loadFromFile(tpm, work);
      }
    },
  };
}

/** Undefined where something in front of the TPM does not let contexts through: then the file is loaded every time. */
async function savedContext(tpm: Tpm, handle: number): Promise<Uint8Array | undefined> {
  try {
    return await tpm.execute(contextSave(handle));
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
