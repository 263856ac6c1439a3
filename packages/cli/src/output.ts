import type { Session } from '@rolesanywhere/credential-provider';

/**
 * The session as `credential_process` expects it: compact JSON in the order of `aws_signing_helper`, `AccountId` last
 * when it is known, no newline at the end.
 *
 * @see "Process credential provider" in the AWS SDKs and Tools Reference Guide
 */
export function credentialProcessOutput({ credentials, accountId }: Session): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: wholeSeconds(credentials.expiration),
    ...(accountId !== undefined && { AccountId: accountId }),
  });
}

/** Some readers of this output take no fraction of a second. */
function wholeSeconds(instant: Date): string {
  return instant.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
