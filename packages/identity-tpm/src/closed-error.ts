import { IdentityError } from '@rolesanywhere/signer';

/** What a source of identities answers with after its end. */
export function closedError(key: string, device: string): IdentityError {
  const message = `The identity source for the key ${key} in the TPM at ${device} was closed. Make a new one with fromTpm.`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}
