export {
  createAwsStandIn,
  type AwsStandIn,
  type AwsStandInInit,
  type AwsUser,
  type AwsRole,
} from './aws-stand-in.js';
export type { Authorize, AuthorizedCall, Caller } from './caller.js';
