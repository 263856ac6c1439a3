/** For tests: what a program that wants a session must name, made in an emulator. */
import type { Emulator } from '@rolesanywhere/emulator';
import { trustPolicy } from './trust-policy.js';

export interface TargetsInit {
  /** The CA to trust, PEM. */
  readonly trustAnchorPem: string;
  /** Default: a new UUID. */
  readonly trustAnchorId?: string;
  /** Default: a new UUID. */
  readonly profileId?: string;
  /** Default `ExampleRole`. */
  readonly roleName?: string;
  /** Default: every certificate of every trust anchor may assume the role. */
  readonly trustPolicy?: object;
}

export interface Targets {
  readonly trustAnchorArn: string;
  readonly profileArn: string;
  readonly roleArn: string;
}

/** Registers a trust anchor, a role and a profile with it. */
export function createTargets(emulator: Emulator, init: TargetsInit): Targets {
  const { trustAnchorPem, trustAnchorId, profileId, roleName = 'ExampleRole' } = init;
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'example',
    certificates: trustAnchorPem,
    ...(trustAnchorId && { trustAnchorId }),
  });
  const { roleArn } = emulator.createRole({ roleName, trustPolicy: init.trustPolicy ?? trustPolicy });
  const { profileArn } = emulator.createProfile({
    name: 'example',
    roleArns: [roleArn],
    ...(profileId && { profileId }),
  });
  return { trustAnchorArn, profileArn, roleArn };
}
