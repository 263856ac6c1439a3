import { platform } from '#platform';
import { SigningError, isRolesAnywhereError } from '../errors.js';
import type { SigningKey } from '../identity/signing-key.js';

/**
 * Task 3: the signature, lower-case hexadecimal. No key is derived, the private key signs the string to sign itself.
 *
 * @throws SigningError `SIGNING_FAILED` when the key rejects or answers with something that is not a signature
 * @see IAM Roles Anywhere User Guide, authentication-sign-process, task 3
 */
export async function signature(key: SigningKey, stringToSign: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await key.sign(platform.toBytes(stringToSign));
  } catch (cause) {
    if (isRolesAnywhereError(cause)) throw cause;
    const message = `The private key (${key.algorithm}) failed to sign. See \`cause\`; if it is on a device, check that the device answers.`;
    throw new SigningError({ code: 'SIGNING_FAILED', message, cause });
  }
  if (ArrayBuffer.isView(bytes) && bytes.byteLength > 0) return platform.toHex(bytes);
  const message = `The private key (${key.algorithm}) answered without a signature. \`sign\` must resolve to its bytes.`;
  throw new SigningError({ code: 'SIGNING_FAILED', message });
}
