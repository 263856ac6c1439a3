import type {
  AttributedAwsCredentialIdentity,
  AwsCredentialIdentity,
  AwsIdentityProperties,
} from '@aws-sdk/types';
import type { FromRolesAnywhereInit } from './config/from-roles-anywhere-init.js';
import { pauseDemand, toProviderError } from './errors.js';
import { logEvent, type ProviderEvent } from './events.js';
import { createRefresher } from './refresh.js';
import { systemRuntime, type Runtime } from './runtime.js';
import type { CallerClientConfig, SessionSource } from './session-source.js';
import type { Session } from './session.js';

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
  return createProvider(init, systemRuntime);
}

/** {@link fromRolesAnywhere} on a given clock. */
export function createProvider(
  init: FromRolesAnywhereInit,
  runtime: Runtime,
): RolesAnywhereCredentialProvider {
  const notify = (event: ProviderEvent, caller: CallerClientConfig | undefined): void =>
    logEvent(init.logger ?? init.clientConfig?.logger ?? caller?.logger, event);
  let source: SessionSource | undefined;
  const renew: SessionSource = async (caller, haste) => {
    // What a call needs is loaded with the first one, so that importing this package costs an application next to nothing.
    const { createSessionSource } = await import('./session-source.js');
    source ??= createSessionSource(init, { runtime, notify });
    return source(caller, haste);
  };
  const refresher = createRefresher({ runtime, renew, pauseDemand, notify });
  const provider = async (properties?: RolesAnywhereCallProperties): Promise<AwsCredentialIdentity> => {
    try {
      const forceRefresh = properties?.forceRefresh === true;
      return toCredentials(await refresher({ caller: properties?.callerClientConfig, forceRefresh }));
    } catch (error) {
      throw toProviderError(error);
    }
  };
  return Object.assign(provider, { memoized: true as const });
}

/** A new object per call: wrappers write into what they get. The SDK shows the account id only beside a `$source`. */
function toCredentials({ credentials, accountId }: Session): AttributedAwsCredentialIdentity {
  return {
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    sessionToken: credentials.sessionToken,
    expiration: new Date(credentials.expiration),
    ...(accountId === undefined ? {} : { accountId }),
    $source: {},
  };
}
