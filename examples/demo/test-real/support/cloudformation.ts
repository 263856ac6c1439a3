/**
 * As much of CloudFormation as `aws cloudformation deploy` and `describe-stacks` need, for templates whose resources the AWS
 * CLI can make: each resource becomes one of its commands, so that names and types of properties are checked by AWS's own
 * models, and what they make is really there.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import {
  createResource,
  deleteResource,
  type AwsCommand,
  type Resource,
} from './cloudformation-resources.js';
import { resolve, type Scope, type Template } from './cloudformation-template.js';

export interface CloudFormation {
  readonly url: string;
  close(): Promise<void>;
}

export interface CloudFormationInit {
  /** Runs the AWS CLI and gives its answer. */
  readonly aws: AwsCommand;
  /** Reads YAML with the tags of CloudFormation. */
  readonly parse: (text: string) => Promise<Template>;
}

interface Stack {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, string>>;
}

type Form = URLSearchParams;

export async function startCloudFormation({ aws, parse }: CloudFormationInit): Promise<CloudFormation> {
  let pending: Form | undefined;
  let stack: Stack | undefined;
  const actions: Readonly<Record<string, (form: Form) => Promise<string | undefined>>> = {
    DescribeStacks: async () => stack && describe(stack),
    CreateChangeSet: async (form) => {
      pending = form;
      return `<Id>arn:aws:cloudformation:eu-central-1:111122223333:changeSet/one/1</Id><StackId>${STACK_ID}</StackId>`;
    },
    DescribeChangeSet: async () =>
      '<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>',
    ExecuteChangeSet: async () => {
      if (pending !== undefined) stack = await create(pending, { aws, parse });
      return '';
    },
    DeleteStack: async () => {
      for (const resource of stack?.resources.toReversed() ?? []) await deleteResource(resource, aws);
      stack = undefined;
      return '';
    },
  };
  const answer = async (text: string): Promise<{ readonly status: number; readonly body: string }> => {
    const form = new URLSearchParams(text);
    const action = form.get('Action') ?? '';
    const result = await actions[action]?.(form);
    if (result === undefined) return { status: 400, body: refusal(action) };
    return {
      status: 200,
      body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
    };
  };
  const server = createServer((request, response) => {
    textOf(request)
      .then(answer)
      .catch((error: unknown) => ({ status: 400, body: String(error) }))
      .then(({ status, body }) => response.writeHead(status).end(body))
      .catch(() => response.destroy());
  });
  return { url: await listen(server), close: () => close(server) };
}

/** The resources in the order of the template, in which each refers to earlier ones only. */
async function create(form: Form, { aws, parse }: CloudFormationInit): Promise<Stack> {
  const template = await parse(form.get('TemplateBody') ?? '');
  const parameters = new Map(
    Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default ?? '']),
  );
  for (let index = 1; form.has(`Parameters.member.${index}.ParameterKey`); index += 1) {
    const of = (part: string) => form.get(`Parameters.member.${index}.${part}`) ?? '';
    parameters.set(of('ParameterKey'), of('ParameterValue'));
  }
  const scope: Scope = { parameters, attributes: new Map() };
  const resources: Resource[] = [];
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    const resource = await createResource({ id, type: Type, properties: resolve(Properties, scope) }, aws);
    for (const [name, value] of Object.entries(resource.attributes))
      scope.attributes.set(`${id}.${name}`, value);
    resources.push(resource);
  }
  const outputs = Object.entries(template.Outputs).map(([name, { Value }]) => [
    name,
    String(resolve(Value, scope)),
  ]);
  return { resources, outputs: Object.fromEntries(outputs) };
}

const STACK_ID = 'arn:aws:cloudformation:eu-central-1:111122223333:stack/roles-anywhere/1';

function describe({ outputs }: Stack): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<Stacks><member><StackId>${STACK_ID}</StackId><StackName>roles-anywhere</StackName>
<CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
<Outputs>${members.join('')}</Outputs></member></Stacks>`;
}

function refusal(action: string): string {
  const message =
    action === 'DescribeStacks' ? 'Stack with id roles-anywhere does not exist' : `no ${action} here`;
  return `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
