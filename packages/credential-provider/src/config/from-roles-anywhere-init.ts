import type { CredentialProviderOptions } from '@aws-sdk/types';
import type { X509Identity, X509IdentityProvider } from '@rolesanywhere/signer';
import type { SessionCache } from '../cache/session-cache.js';
import type { ClientConfig } from './client-config.js';
import type { FallbackTarget } from './fallback-target.js';
import type { CreateSessionInput } from './create-session-input.js';

/** Options of `fromRolesAnywhere`. */
export interface FromRolesAnywhereInit extends CredentialProviderOptions, Partial<CreateSessionInput> {
  /** Signs CreateSession. A function, such as `fromPemFiles(…)` gives, is called at every refresh, so certificates may rotate. */
  readonly identity?: X509Identity | X509IdentityProvider | undefined;
  /** How CreateSession is called. */
  readonly clientConfig?: ClientConfig | undefined;
  /** For one refresh: identity, all attempts and all waits together. Default 20,000. */
  readonly totalTimeoutMilliseconds?: number | undefined;
  /**
   * Other trust anchors with their profiles, of other regions for instance, asked in this order while the first cannot be
   * reached; never after a refusal. Default: none.
   */
  readonly fallbacks?: readonly FallbackTarget[] | undefined;
  /** Profile of the shared configuration files. Default: the calling client's, else `AWS_PROFILE`, else `default`. */
  readonly profile?: string | undefined;
  /** The shared credentials file. Default: `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`. */
  readonly filepath?: string | undefined;
  /** The shared config file. Default: `AWS_CONFIG_FILE`, else `~/.aws/config`. */
  readonly configFilepath?: string | undefined;
  /** True: read both files anew at every refresh. Default: the AWS SDK keeps them for the life of the process. */
  readonly ignoreCache?: boolean | undefined;
  /** Shares sessions among processes: `fileSessionCache()`, or your own. Default: each process has its own session. */
  readonly cache?: SessionCache | undefined;
}
