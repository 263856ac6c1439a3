import { SigningError } from '@rolesanywhere/signer';
import type { Tpm } from '../device/tpm-device.js';
import { readPublic } from '../tpm/commands.js';
import { type PublicArea, nameOf, parsePublicArea } from '../tpm/public-area.js';
import { malformed } from '../tpm/tpm-error.js';
import type { KeyLabels } from './explain.js';
import type { KeyLocation } from './key-location.js';

/** The public area at a persistent handle; undefined for a kind of object that cannot sign. @throws TpmError */
export async function readPersistentKey(tpm: Tpm, handle: number): Promise<PublicArea | undefined> {
  const { publicArea, name } = await tpm.execute(readPublic(handle));
  try {
    const parsed = parsePublicArea(publicArea);
    if (parsed !== undefined && nameOf(parsed) !== name)
      throw new RangeError('the name is not that of the public area');
    return parsed;
  } catch (error) {
    throw malformed('it answered with a public area that cannot be read', error);
  }
}

/**
 * A key at a persistent handle. Its name is looked at before each use: were another key put there, it would be asked for
 * signatures, and a password that is not its own would be counted as wrong.
 */
export function persistentKey(handle: number, name: string, labels: KeyLabels): KeyLocation {
  return {
    async prepare() {
      // Nothing but the key itself has a password.
    },
    async withKey(tpm, work) {
      const found = await tpm.execute(readPublic(handle));
      if (found.name === name) return work(handle);
      const message = `Another key is at ${labels.key} of the TPM at ${labels.device} than when the identity was read. Give the certificate that belongs to it.`;
      throw new SigningError({ code: 'KEY_MISMATCH', message });
    },
  };
}
