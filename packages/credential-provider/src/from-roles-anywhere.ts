import type { AwsCredentialIdentity } from '@aws-sdk/types';
import type { FromRolesAnywhereInit } from './config/from-roles-anywhere-init.js';
import type { RolesAnywhereCallProperties, RolesAnywhereCredentialProvider } from './credential-provider.js';

/**
 * Credentials from an X.509 certificate through IAM Roles Anywhere, refreshed before they end.
 *
 * What the options leave out is looked for in the environment (`ROLES_ANYWHERE_*`), then in a shared-config profile: its
 * `rolesanywhere` block, or the `credential_process` line of `aws_signing_helper`, which is read and not run.
 *
 * Creating the provider does no I/O and never throws; mistakes are all reported, each with its place and before anything is
 * sent, when it is first asked for credentials. While valid credentials are in hand it answers at once and survives outages of the service.
 * Each answer is a new object with `expiration` and `accountId`.
 *
 * The provider rejects with errors named `CredentialsProviderError` that have a `code`:
 * @throws ConfigurationError `INVALID_OPTION`, `INVALID_ARN`, `REGION_MISMATCH`, `REGION_UNKNOWN`; `NOT_CONFIGURED` when
 * nothing is configured anywhere, the one case in which `tryNextLink` is true
 * @throws IdentityError, SigningError from the identity
 * @throws SessionError from CreateSession
 *
 * @example
 * const credentials = fromRolesAnywhere({
 *   trustAnchorArn, profileArn, roleArn,
 *   identity: fromPemFiles({ certificate: 'server.crt', privateKey: 'server.key' }),
 * });
 * const s3 = new S3Client({ region: 'eu-central-1', credentials });
 *
 * @example
 * const s3 = new S3Client({ credentials: fromRolesAnywhere() }); // with AWS_PROFILE, say
 */
export function fromRolesAnywhere(init: FromRolesAnywhereInit = {}): RolesAnywhereCredentialProvider {
  // All that a provider does is loaded with its first call, so that importing this package costs an application next to nothing.
  let opening: Promise<RolesAnywhereCredentialProvider> | undefined;
  let opened: RolesAnywhereCredentialProvider | undefined;
  const open = async (): Promise<RolesAnywhereCredentialProvider> => {
    const { createProvider } = await import('./create-provider.js');
    opened = createProvider(init);
    return opened;
  };
  const provider = (properties?: RolesAnywhereCallProperties): Promise<AwsCredentialIdentity> => {
    if (opened !== undefined) return opened(properties);
    opening ??= open();
    return opening.then((loaded) => loaded(properties));
  };
  return Object.assign(provider, { memoized: true as const });
}
