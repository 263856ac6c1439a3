import { type RolesAnywhereError, isRolesAnywhereError } from '@rolesanywhere/signer';

/** The error that something ends with; fails when it ends well, or with an error that is not ours. */
export async function errorOf(action: () => unknown): Promise<RolesAnywhereError> {
  let result: unknown;
  try {
    result = await action();
  } catch (error) {
    if (isRolesAnywhereError(error)) return error;
    throw error;
  }
  throw new Error(`ended well: ${String(result)}`);
}

/** The code of the error that something ends with; `ok` when it ends well. */
export async function codeOf(action: () => unknown): Promise<string> {
  try {
    await action();
    return 'ok';
  } catch (error) {
    if (isRolesAnywhereError(error)) return error.code;
    throw error;
  }
}
