import { ControlPlaneError } from '../errors.js';
import { roleIdOf } from '../role-arn.js';
import { parseTrustPolicy, type TrustPolicy } from '../roles-anywhere/trust-policy.js';
import { assertDuration, type RegistryContext } from './resource-rules.js';

/** An IAM role that certificates can get a session of. */
export interface Role {
  readonly roleArn: string;
  /** `AROA…` */
  readonly roleId: string;
  readonly roleName: string;
  readonly path: string;
  readonly trustPolicy: TrustPolicy;
  readonly maximumSessionDurationSeconds: number;
}

/** What a role is made of. */
export interface RoleInit {
  /** 1 to 64 of letters, digits and `_+=,.@-`. */
  readonly roleName: string;
  /** Begins and ends with `/`. Default `/`. */
  readonly path?: string;
  /** The trust policy document as an object. */
  readonly trustPolicy: object;
  /** The role's MaxSessionDuration, 3600 to 43200 seconds. Default 3600. */
  readonly maximumSessionDurationSeconds?: number;
}

/**
 * Makes a role, or replaces the one of that ARN.
 *
 * @throws ControlPlaneError `ValidationException`
 * @see AWS IAM API Reference, "CreateRole"
 */
export function createRole(init: RoleInit, context: RegistryContext): Role {
  const { path = '/', maximumSessionDurationSeconds = 3600 } = init;
  if (!/^[\w+=,.@-]{1,64}$/.test(init.roleName)) {
    throw new ControlPlaneError(
      'ValidationException',
      `The role name '${init.roleName}' is not 1 to 64 of [\\w+=,.@-]`,
    );
  }
  if (!/^\/([\x21-\x7e]+\/)?$/.test(path) || path.length > 512) {
    throw new ControlPlaneError(
      'ValidationException',
      `The role path '${path}' does not begin and end with a slash`,
    );
  }
  assertDuration(maximumSessionDurationSeconds, { minimum: 3600, name: 'maxSessionDuration' });
  const roleArn = `arn:${context.partition}:iam::${context.accountId}:role${path}${init.roleName}`;
  return {
    roleArn,
    roleId: roleIdOf(roleArn),
    roleName: init.roleName,
    path,
    trustPolicy: parseTrustPolicy(init.trustPolicy),
    maximumSessionDurationSeconds,
  };
}
