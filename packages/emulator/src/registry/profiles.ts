import { ControlPlaneError } from '../errors.js';
import { ROLE_ARN_PATTERN } from '../role-arn.js';
import {
  assertAttributeMappings,
  DEFAULT_ATTRIBUTE_MAPPINGS,
  type AttributeMappings,
} from '../roles-anywhere/attribute-mappings.js';
import {
  assertDuration,
  assertResourceName,
  resourceArn,
  resourceId,
  type RegistryContext,
} from './resource-rules.js';

/** A Roles Anywhere profile: the roles that may be asked for, and the limits of their sessions. */
export interface Profile {
  readonly profileArn: string;
  readonly profileId: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly roleArns: readonly string[];
  readonly durationSeconds: number;
  readonly acceptRoleSessionName: boolean;
  readonly requireInstanceProperties: boolean;
  readonly attributeMappings: AttributeMappings;
  readonly createdAt: Date;
}

/** What a profile is made of. */
export interface ProfileInit {
  /** 1 to 255 letters, digits, spaces, `-`, `_`. */
  readonly name: string;
  /** At most 250. */
  readonly roleArns: readonly string[];
  /** Longest session, 900 to 43200 seconds. Default 3600. */
  readonly durationSeconds?: number;
  /** Whether a request may name its session. Default false. */
  readonly acceptRoleSessionName?: boolean;
  /** Whether a request must bring instance properties. Default false. */
  readonly requireInstanceProperties?: boolean;
  /** Which parts of a certificate become session tags. Default: all of them. */
  readonly attributeMappings?: AttributeMappings;
  /** Default true (the service's own default is false). */
  readonly enabled?: boolean;
  /** A lower-case UUID, where a test wants a known ARN. Default: a new one. */
  readonly profileId?: string;
}

/**
 * Makes a profile.
 *
 * @throws ControlPlaneError `ValidationException`
 * @see AWS IAM Roles Anywhere API Reference, "CreateProfile"
 */
export function createProfile(init: ProfileInit, context: RegistryContext): Profile {
  const { durationSeconds = 3600, attributeMappings = DEFAULT_ATTRIBUTE_MAPPINGS } = init;
  assertResourceName(init.name);
  assertDuration(durationSeconds, { minimum: 900, name: 'durationSeconds' });
  assertAttributeMappings(attributeMappings);
  assertRoleArns(init.roleArns);
  const profileId = resourceId(init.profileId, context.random);
  return {
    profileArn: resourceArn(context, 'profile', profileId),
    profileId,
    name: init.name,
    enabled: init.enabled ?? true,
    roleArns: [...init.roleArns],
    durationSeconds,
    acceptRoleSessionName: init.acceptRoleSessionName ?? false,
    requireInstanceProperties: init.requireInstanceProperties ?? false,
    attributeMappings,
    createdAt: context.clock(),
  };
}

function assertRoleArns(roleArns: readonly string[]): void {
  if (roleArns.length > 250) {
    throw new ControlPlaneError(
      'ValidationException',
      `A profile holds at most 250 roles, and ${roleArns.length} were given`,
    );
  }
  const malformed = roleArns.find((arn) => arn.length > 1011 || !ROLE_ARN_PATTERN.test(arn));
  if (malformed !== undefined) {
    throw new ControlPlaneError('ValidationException', `'${malformed}' in roleArns is not the ARN of a role`);
  }
}
