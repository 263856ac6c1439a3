import type { Registry } from '../registry.js';
import type { Profile } from '../registry/profiles.js';
import type { TrustAnchor } from '../registry/trust-anchors.js';
import { accessDenied, Refusal, type RefusalAnswer } from './refusal.js';

/** Where to look, and how a resource that is not there is answered. */
export interface ResourceRules {
  readonly registry: Registry;
  /** The API model has 404 for it; the live service was seen to answer 403. */
  readonly notFoundAs404: boolean;
}

/** @throws Refusal `TRUST_ANCHOR_NOT_FOUND` or `TRUST_ANCHOR_DISABLED` */
export function findTrustAnchor(trustAnchorArn: string, rules: ResourceRules): TrustAnchor {
  const trustAnchor = rules.registry.findTrustAnchor(trustAnchorArn);
  if (trustAnchor === undefined) {
    const message = `There is no trust anchor ${trustAnchorArn}`;
    throw new Refusal(
      'TRUST_ANCHOR_NOT_FOUND',
      message,
      notFound("Specified Trust Anchor wasn't found.", rules),
    );
  }
  if (trustAnchor.enabled) return trustAnchor;
  throw new Refusal(
    'TRUST_ANCHOR_DISABLED',
    `${trustAnchorArn} is disabled`,
    accessDenied('Trust anchor is disabled'),
  );
}

/** @throws Refusal `PROFILE_NOT_FOUND` or `PROFILE_DISABLED` */
export function findProfile(profileArn: string, rules: ResourceRules): Profile {
  const profile = rules.registry.findProfile(profileArn);
  if (profile === undefined) {
    const message = `There is no profile ${profileArn}`;
    throw new Refusal('PROFILE_NOT_FOUND', message, notFound('Invalid or empty profile provided.', rules));
  }
  if (profile.enabled) return profile;
  throw new Refusal('PROFILE_DISABLED', `${profileArn} is disabled`, accessDenied('Profile is disabled'));
}

function notFound(text: string, { notFoundAs404 }: ResourceRules): RefusalAnswer {
  const answer = accessDenied(text);
  return notFoundAs404 ? { ...answer, status: 404, errorType: 'ResourceNotFoundException' } : answer;
}
