/**
 * A whole account at one address, set up by the AWS CLI as a real one: IAM Roles Anywhere (the emulator), as much of IAM
 * as a role takes, STS and S3. Every request is verified; what it is for stands in its credential scope.
 */
import { createAwsStandIn, type AuthorizedCall } from '@rolesanywhere/aws-stand-in';
import {
  createEmulator,
  parseAuthorization,
  verifyWithSecret,
  type RawHandler,
  type RawRequest,
  type RawResponse,
  type Verdict,
} from '@rolesanywhere/emulator';
import { answerIam, type IamState } from './iam-requests.js';
import { answerRolesAnywhere, refusal } from './roles-anywhere-requests.js';
import { createRolePolicies, type RolePolicies } from './role-policies.js';

export interface AccountInit {
  readonly region: string;
  /** Who may set things up. */
  readonly administrator: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Hears what the emulator found out about each CreateSession. */
  readonly onVerdict: (verdict: Verdict) => void;
}

const ACCOUNT_ID = '111122223333';

/** The account, without a port. */
export function createAccount({ region, administrator, onVerdict }: AccountInit): RawHandler {
  const emulator = createEmulator({ region, accountId: ACCOUNT_ID, onVerdict });
  const policies = createRolePolicies();
  const standIn = createAwsStandIn({
    region,
    accountId: ACCOUNT_ID,
    users: [{ ...administrator, userName: 'administrator' }],
    findSession: emulator.findSession,
    authorize: (call) => isAllowed(call, policies),
  });
  const state: IamState = { emulator, policies, roleArns: new Map() };
  const asAdministrator = (request: RawRequest, answer: () => RawResponse): RawResponse => {
    const findSecret = (id: string) => (id === administrator.accessKeyId ? administrator : undefined);
    const services = ['iam', 'rolesanywhere'];
    const verdict = verifyWithSecret(request, { findSecret, now: new Date(), services });
    return verdict.ok
      ? answer()
      : refusal(403, 'AccessDeniedException', `${verdict.reason}: ${verdict.message}`);
  };
  return async (request) => {
    const { algorithm, service } = presented(request);
    if (algorithm?.startsWith('AWS4-X509') ?? request.target.startsWith('/sessions'))
      return emulator.handle(request);
    if (service === 'rolesanywhere') {
      const answer = () => answerRolesAnywhere(request, emulator, { region, accountId: ACCOUNT_ID });
      return asAdministrator(request, answer);
    }
    if (service === 'iam') return asAdministrator(request, () => answerIam(request, state));
    if (service === undefined || service === 'sts' || service === 's3') return standIn.handle(request);
    return refusal(
      501,
      'NotImplemented',
      `There is no ${service} here, only IAM Roles Anywhere, IAM, STS and S3`,
    );
  };
}

function presented(request: RawRequest): { readonly algorithm?: string; readonly service?: string } {
  const header = request.rawHeaders.find(([name]) => name.toLowerCase() === 'authorization');
  return header === undefined ? {} : (parseAuthorization(header[1]) ?? {});
}

/** The administrator may do everything, a session what the policies of its role say. */
function isAllowed({ caller, action, bucket, key }: AuthorizedCall, policies: RolePolicies): boolean {
  const roleName = /:assumed-role\/([^/]+)\//.exec(caller.arn)?.[1];
  if (roleName === undefined) return true;
  const resource = `arn:aws:s3:::${[bucket, key].filter((part) => part !== undefined).join('/')}`;
  return policies.allow(roleName, { action, resource });
}
