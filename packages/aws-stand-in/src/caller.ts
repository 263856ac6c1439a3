/** Who made a verified request. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  /** `AIDA…` of a user, `AROA…:session-name` of a session. */
  readonly userId: string;
}

/** What a verified caller wants to do. */
export interface AuthorizedCall {
  readonly caller: Caller;
  /** As in an IAM policy, for example `s3:PutObject`. */
  readonly action: string;
  readonly bucket?: string;
  readonly key?: string;
}

/** The policy of the account: whether a call is allowed. Asked before anything is looked up. */
export type Authorize = (call: AuthorizedCall) => boolean;
