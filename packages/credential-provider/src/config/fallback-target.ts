import type { X509Identity, X509IdentityProvider } from '@rolesanywhere/signer';
import type { ClientConfig } from './client-config.js';

/** Where else a session may come from, while the first trust anchor's region cannot be reached. */
export interface FallbackTarget {
  /** Its region is the region of the call. */
  readonly trustAnchorArn: string;
  /** In the same region and account as its trust anchor. */
  readonly profileArn: string;
  /** Default: the role of the first target. */
  readonly roleArn?: string | undefined;
  /** Default: the identity of the first target. */
  readonly identity?: X509Identity | X509IdentityProvider | undefined;
  /** Default: the endpoint of the region; never the first target's. */
  readonly endpoint?: ClientConfig['endpoint'];
}
