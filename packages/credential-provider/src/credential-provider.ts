import type { AwsCredentialIdentity, AwsIdentityProperties } from '@aws-sdk/types';

/** What the AWS SDK, or the application, passes with a call. */
export type RolesAnywhereCallProperties = AwsIdentityProperties & {
  /** True: wait for a new session, and keep it. */
  readonly forceRefresh?: boolean | undefined;
};

/**
 * A credential provider of the AWS SDK v3 that keeps its own credentials: share one among all clients.
 * `memoized` tells the SDK's clients not to put their own cache on top.
 */
export type RolesAnywhereCredentialProvider = ((
  properties?: RolesAnywhereCallProperties,
) => Promise<AwsCredentialIdentity>) & { readonly memoized: true };
