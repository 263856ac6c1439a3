import type { Tpm } from '../device/tpm-device.js';
import { type WrappedKey, contextLoad, contextSave, importKey, load } from '../tpm/commands.js';
import { isRefusal, isSlotsTaken, malformed } from '../tpm/tpm-error.js';
import type { KeyLocation } from './key-location.js';
import type { LoadedParent, ParentKey } from './parent-key.js';
import type { Tss2Key } from './tss2-key.js';

/** What the key of a file is loaded with. */
export interface FileKeyInit {
  readonly key: Tss2Key;
  /** Its name, in hexadecimal. */
  readonly name: string;
  readonly parent: ParentKey;
}

/** Works with a key that is loaded, by its handle. */
type Work<Answer> = (handle: number) => Promise<Answer>;

/**
 * A key whose file is loaded into the TPM, and imported before if it must be. That is done once; then the TPM saves it as a
 * context, which it takes back without the parent and in a fraction of the time, until it is reset. Between signatures nothing
 * stays loaded.
 */
export function fileKey({ key, name, parent }: FileKeyInit): KeyLocation {
  let context: Uint8Array | undefined;

  function withContext<Answer>(tpm: Tpm, saved: Uint8Array, work: Work<Answer>): Promise<Answer> {
    const objectOf = (handle: number) => ({ handle, name });
    return tpm.withTransient({ command: contextLoad(saved), expectedName: name, objectOf }, work);
  }

  async function loadFromFile<Answer>(tpm: Tpm, work: Work<Answer>): Promise<Answer> {
    await parent.prepare();
    try {
      return await parent.withParent(tpm, (loaded) => loadBelow(tpm, loaded, work));
    } catch (error) {
      // Even the parent had no place: the key may be there, left by a process that was killed.
      if (isSlotsTaken(error)) tpm.suspect(name);
      throw error;
    }
  }

  async function loadBelow<Answer>(tpm: Tpm, below: LoadedParent, work: Work<Answer>): Promise<Answer> {
    const command = load(below.handle, below.password, await wrapped(tpm, key, below));
    const objectOf = ({ handle }: { readonly handle: number }) => ({ handle, name });
    return tpm.withTransient({ command, expectedName: name, objectOf }, async (loaded) => {
      if (loaded.name !== name) throw malformed('it loaded another key than the one that it was given');
      context = await savedContext(tpm, loaded.handle);
      return work(loaded.handle);
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

/** The key as this TPM can load it. */
async function wrapped(tpm: Tpm, key: Tss2Key, { handle, password }: LoadedParent): Promise<WrappedKey> {
  const { publicArea, privateArea, secret } = key;
  if (secret === undefined) return key;
  return {
    publicArea,
    privateArea: await tpm.execute(importKey(handle, password, { publicArea, privateArea, secret })),
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
