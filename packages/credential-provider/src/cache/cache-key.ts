import type { X509Identity } from '@rolesanywhere/signer';
import type { SessionSettings } from '../config/source.js';
import type { SessionEndpoint } from '../endpoint.js';
import { sha256 } from './sha256.js';

/** What decides which session one gets. */
export interface CacheKeyParts {
  readonly settings: SessionSettings;
  readonly endpoint: SessionEndpoint;
  readonly identity: X509Identity;
}

/**
 * SHA-256, in hex, over the ARNs, the endpoint and its region, the duration, the session name, the instance properties and the
 * certificate's fingerprint. No secret goes into it.
 */
export async function cacheKey({ settings, endpoint, identity }: CacheKeyParts): Promise<string> {
  const properties = Object.entries(settings.instanceProperties ?? {});
  const parts = [
    settings.trustAnchorArn,
    settings.profileArn,
    settings.roleArn,
    endpoint,
    settings.durationSeconds ?? null,
    settings.roleSessionName ?? null,
    properties.toSorted(([a], [b]) => (a < b ? -1 : 1)),
    await sha256(identity.certificate.der),
  ];
  return sha256(JSON.stringify(parts));
}
