export { createAwsStandIn, type AwsStandIn, type AwsStandInInit } from './aws-stand-in.js';
export type { AwsRole, AwsUser } from './principals.js';
export type { Authorize, AuthorizedCall, Caller } from './caller.js';
