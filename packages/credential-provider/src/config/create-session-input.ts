/** What CreateSession is asked for. */
export interface CreateSessionInput {
  /** `arn:<partition>:rolesanywhere:<region>:<account>:trust-anchor/<id>`. Its region is the region of the call. */
  readonly trustAnchorArn: string;
  /** `arn:<partition>:rolesanywhere:<region>:<account>:profile/<id>`, in the trust anchor's region and account. */
  readonly profileArn: string;
  /** `arn:<partition>:iam::<account>:role/<path and name>`; must be listed in the profile. */
  readonly roleArn: string;
  /** Whole seconds, 900 to 43200. Absent: left to the profile. The smaller of both counts. */
  readonly durationSeconds?: number | undefined;
  /** 2 to 64 characters of `A-Z a-z 0-9 _ = , . @ + -`. Absent: the certificate's serial number in hexadecimal. Needs `acceptRoleSessionName` on the profile. */
  readonly roleSessionName?: string | undefined;
  /** At most 50 entries; names and values of 1 to 200 characters. Not sent when absent. */
  readonly instanceProperties?: Readonly<Record<string, string>> | undefined;
}
