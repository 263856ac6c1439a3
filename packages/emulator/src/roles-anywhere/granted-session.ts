import type { IssuedSession } from '../issued-sessions.js';
import type { MintedCredentials, MintRequest } from '../minting.js';
import { roleArnParts, roleIdOf } from '../role-arn.js';

/** A session with what the answer says about it. Holds secrets. */
export interface GrantedSession {
  readonly session: IssuedSession;
  readonly sourceIdentity: string;
  readonly packedPolicySize: number;
  readonly subjectArn: string;
}

/** What a session is put together from. */
export interface GrantedSessionInit {
  readonly mintRequest: MintRequest;
  readonly minted: MintedCredentials;
  readonly subjectArn: string;
}

/** Names the assumed role as STS does, where the back end did not. */
export function issueSession({ mintRequest, minted, subjectArn }: GrantedSessionInit): GrantedSession {
  const { roleArn, roleSessionName, sourceIdentity, sessionTags } = mintRequest;
  const { partition, accountId, roleName } = roleArnParts(roleArn);
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = minted;
  return {
    session: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      expiration,
      assumedRoleArn:
        minted.assumedRoleArn ??
        `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${roleSessionName}`,
      assumedRoleId: minted.assumedRoleId ?? `${roleIdOf(roleArn)}:${roleSessionName}`,
      accountId: accountId === '' ? mintRequest.accountId : accountId,
      roleArn,
      sourceIdentity,
      sessionTags,
    },
    sourceIdentity,
    packedPolicySize: minted.packedPolicySize ?? estimatedPackedSize(sessionTags),
    subjectArn,
  };
}

/** Percent of the room that STS has for tags and policies. Its packing is not published; 4096 characters is a guess. */
function estimatedPackedSize(tags: Readonly<Record<string, string>>): number {
  const characters = Object.entries(tags).flat().join('').length;
  return Math.min(100, Math.ceil((characters * 100) / 4096));
}
