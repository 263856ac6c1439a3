/** A long-lived IAM user. It may do everything that `authorize` does not refuse. */
export interface AwsUser {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly userName: string;
}

/** A role that may be assumed here. */
export interface AwsRole {
  readonly roleName: string;
  /** Default 3600. */
  readonly maximumSessionDurationSeconds?: number;
}
