import { createHash } from 'node:crypto';
import { base32Characters } from './random.js';

/** Form of a role ARN in CreateSession and CreateProfile. */
export const ROLE_ARN_PATTERN = /^arn:aws(-[^:]+)?:iam(:.*){2}(:role.*)$/;

/** Parts of `arn:<partition>:iam::<account>:role/<path>/<name>`. */
export interface RoleArnParts {
  readonly partition: string;
  readonly accountId: string;
  /** Last segment: what an assumed-role ARN shows, without the path. */
  readonly roleName: string;
}

/** Reads a role ARN that matches `ROLE_ARN_PATTERN`; parts that are missing come out empty. */
export function roleArnParts(roleArn: string): RoleArnParts {
  const [, partition = '', , , accountId = '', ...resource] = roleArn.split(':');
  return { partition, accountId, roleName: resource.join(':').split('/').at(-1) ?? '' };
}

/**
 * The unique id of a role: `AROA` and 17 characters. Made from the ARN, so that it is the same in every run
 * and exists for a role that was never registered.
 */
export function roleIdOf(roleArn: string): string {
  const digest = createHash('sha256').update(roleArn).digest();
  return `AROAEMULATED${base32Characters(digest.subarray(0, 9))}`;
}
