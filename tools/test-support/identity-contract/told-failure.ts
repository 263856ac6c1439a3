import { isRolesAnywhereError } from '@rolesanywhere/signer';
import type { FailingIdentity, IdentityUnderTest } from './identity-under-test.js';
import { secretsShown } from './secrets-shown.js';

/** How a failure was told: its code, whether it names what it is about, and the secrets that it shows. */
export interface ToldFailure {
  readonly code: unknown;
  readonly isNamed: boolean;
  readonly shown: readonly string[];
}

/** A failure that is told as it must be. */
export function asPromised({ code }: Pick<FailingIdentity, 'code'>): ToldFailure {
  return { code, isNamed: true, shown: [] };
}

/** What a call ends with, which must fail. */
export async function failureOf(
  call: () => Promise<unknown>,
  { names }: Pick<FailingIdentity, 'names'>,
  secrets: IdentityUnderTest['secrets'],
): Promise<ToldFailure> {
  const error: unknown = await call().then(
    () => 'ended well',
    (reason: unknown) => reason,
  );
  return {
    code: isRolesAnywhereError(error) ? error.code : error,
    isNamed: String(error).includes(names),
    shown: secretsShown(error, secrets),
  };
}
