/**
 * Works as a role of another account: the certificate buys a session of a role here, and that session assumes the role there.
 * The environment, or a profile of `~/.aws/config`, says with which certificate; `TARGET_ROLE_ARN` says which role.
 */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';

const RoleArn = process.env['TARGET_ROLE_ARN'];
if (RoleArn === undefined) throw new Error('Set TARGET_ROLE_ARN to the role that is to be assumed.');

const credentials = fromTemporaryCredentials({
  masterCredentials: fromRolesAnywhere(),
  // At most an hour: STS allows no more when a role assumes a role.
  params: { RoleArn, RoleSessionName: 'role-chaining', DurationSeconds: 3600 },
});
const sts = new STSClient({ credentials });
const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
console.log(`I am ${Arn}`);
