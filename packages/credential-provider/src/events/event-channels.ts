/**
 * The channels of `node:diagnostics_channel`, one for each kind of event. What a channel publishes is the member of
 * `PublishedEvents` of the same name.
 *
 * @example
 * import { subscribe } from 'node:diagnostics_channel';
 * subscribe(eventChannels.refreshFailed, (event) => console.error(event));
 */
export const eventChannels = {
  refreshStarted: 'rolesanywhere:refresh-started',
  refreshSucceeded: 'rolesanywhere:refresh-succeeded',
  refreshFailedButValid: 'rolesanywhere:refresh-failed-but-valid',
  refreshFailed: 'rolesanywhere:refresh-failed',
  clockCorrected: 'rolesanywhere:clock-corrected',
  certificateExpiresSoon: 'rolesanywhere:certificate-expires-soon',
  identityKept: 'rolesanywhere:identity-kept',
  fallbackUsed: 'rolesanywhere:fallback-used',
  cacheHit: 'rolesanywhere:cache-hit',
  cacheFailed: 'rolesanywhere:cache-failed',
} as const;
