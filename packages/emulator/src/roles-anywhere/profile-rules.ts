import type { Profile } from '../registry/profiles.js';
import type { CreateSessionParameters } from './create-session-parameters.js';
import { accessDenied, accessDeniedInOwnWords, Refusal } from './refusal.js';

/**
 * What the profile asks of a request: the role in its list, instance properties if required, a session name only if
 * accepted.
 *
 * @throws Refusal
 * @see AWS IAM Roles Anywhere User Guide, "CreateSession"
 */
export function checkProfileRules(profile: Profile, parameters: CreateSessionParameters): void {
  if (!profile.roleArns.includes(parameters.roleArn)) {
    throw new Refusal(
      'ROLE_NOT_IN_PROFILE',
      `${parameters.roleArn} is not among the ${profile.roleArns.length} roles of ${profile.profileArn}`,
      accessDenied("Requested Role isn't one of those listed in the Profile."),
    );
  }
  if (profile.requireInstanceProperties && Object.keys(parameters.instanceProperties ?? {}).length === 0) {
    throw new Refusal(
      'INSTANCE_PROPERTIES_MISSING',
      `${profile.profileArn} requires instanceProperties, and the request has none`,
      accessDeniedInOwnWords('Instance properties are required by the Profile.'),
    );
  }
  if (parameters.roleSessionName !== undefined && !profile.acceptRoleSessionName) {
    throw new Refusal(
      'SESSION_NAME_NOT_ACCEPTED',
      `${profile.profileArn} has acceptRoleSessionName off, and the request brings a roleSessionName`,
      accessDenied('Not authorized to set roleSessionName.'),
    );
  }
}
