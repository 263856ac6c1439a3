/** The requests of IAM that set a role up and take it away again. */
import { ControlPlaneError, type Emulator, type RawRequest, type RawResponse } from '@rolesanywhere/emulator';
import type { RolePolicies } from './role-policies.js';

type Parameters = URLSearchParams;

/** What a request changes. */
export interface IamState {
  readonly emulator: Emulator;
  readonly policies: RolePolicies;
  /** ARNs of the roles, by name. */
  readonly roleArns: Map<string, string>;
}

/** Each gives the content of the result element. */
const ACTIONS: Readonly<Record<string, (parameters: Parameters, state: IamState) => string>> = {
  CreateRole: createRole,
  PutRolePolicy: (parameters, { policies, roleArns }) => {
    const roleName = existing(parameters, roleArns);
    policies.put(
      { roleName, policyName: text(parameters, 'PolicyName') },
      json(parameters, 'PolicyDocument'),
    );
    return '';
  },
  DeleteRolePolicy: (parameters, { policies, roleArns }) => {
    policies.remove(existing(parameters, roleArns), text(parameters, 'PolicyName'));
    return '';
  },
  DeleteRole: (parameters, { emulator, policies, roleArns }) => {
    const roleName = existing(parameters, roleArns);
    if (policies.count(roleName) > 0) throw new Error('Cannot delete entity, must delete policies first.');
    emulator.deleteRole(roleArns.get(roleName) ?? '');
    roleArns.delete(roleName);
    return '';
  },
};

/** Answers a request that is already known to be the administrator's. */
export function answerIam(request: RawRequest, state: IamState): RawResponse {
  const parameters = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  const action = parameters.get('Action') ?? '';
  const perform = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (perform === undefined)
    return refusal('NotImplemented', `This server knows ${Object.keys(ACTIONS).join(', ')}`);
  try {
    const result = `<${action}Result>${perform(parameters, state)}</${action}Result>`;
    return xml(200, `<${action}Response ${NAMESPACE}>${result}${METADATA}</${action}Response>`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refusal(
      error instanceof ControlPlaneError ? 'MalformedPolicyDocument' : 'ValidationError',
      message,
    );
  }
}

function createRole(parameters: Parameters, { emulator, roleArns }: IamState): string {
  const roleName = text(parameters, 'RoleName');
  if (roleArns.has(roleName)) throw new Error(`Role with name ${roleName} already exists.`);
  const seconds = parameters.get('MaxSessionDuration');
  const role = emulator.createRole({
    roleName,
    path: parameters.get('Path') ?? '/',
    trustPolicy: json(parameters, 'AssumeRolePolicyDocument'),
    ...(seconds !== null && { maximumSessionDurationSeconds: Number(seconds) }),
  });
  roleArns.set(roleName, role.roleArn);
  const members = { Path: role.path, RoleName: roleName, RoleId: role.roleId, Arn: role.roleArn };
  const elements = Object.entries(members).map(([name, value]) => `<${name}>${escape(value)}</${name}>`);
  return `<Role>${elements.join('')}<CreateDate>${new Date().toISOString()}</CreateDate></Role>`;
}

function existing(parameters: Parameters, roleArns: ReadonlyMap<string, string>): string {
  const roleName = text(parameters, 'RoleName');
  if (!roleArns.has(roleName)) throw new Error(`The role with name ${roleName} cannot be found.`);
  return roleName;
}

function text(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === null || value === '') throw new Error(`${name} is missing`);
  return value;
}

function json(parameters: Parameters, name: string): object {
  const value: unknown = JSON.parse(text(parameters, name));
  if (typeof value !== 'object' || value === null) throw new Error(`${name} is no JSON object`);
  return value;
}

function refusal(code: string, message: string): RawResponse {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escape(message)}</Message></Error>`;
  return xml(code === 'NotImplemented' ? 501 : 400, `<ErrorResponse ${NAMESPACE}>${error}</ErrorResponse>`);
}

function xml(status: number, body: string): RawResponse {
  return { status, headers: { 'Content-Type': 'text/xml' }, body };
}

function escape(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const NAMESPACE = 'xmlns="https://iam.amazonaws.com/doc/2010-05-08/"';
const METADATA =
  '<ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata>';
