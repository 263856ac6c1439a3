/** The resources of a template as commands of the AWS CLI. */

/** Runs the AWS CLI with arguments and gives what it printed, parsed. */
export type AwsCommand = (args: readonly string[]) => Promise<Readonly<Record<string, unknown>>>;

export interface Resource {
  readonly type: string;
  /** What `Fn::GetAtt` finds. */
  readonly attributes: Readonly<Record<string, string>>;
}

type Members = Readonly<Record<string, unknown>>;

/** @throws Error for a type that is not known, and where the AWS CLI does not take the properties */
export async function createResource(
  wanted: { readonly id: string; readonly type: string; readonly properties: unknown },
  aws: AwsCommand,
): Promise<Resource> {
  const { id, type, properties } = wanted;
  switch (type) {
    case 'AWS::RolesAnywhere::TrustAnchor': {
      const trustAnchor = await createInRolesAnywhere(aws, 'trust-anchor', properties);
      return { type, attributes: pick(trustAnchor, ['trustAnchorArn', 'trustAnchorId']) };
    }
    case 'AWS::RolesAnywhere::Profile': {
      const profile = await createInRolesAnywhere(aws, 'profile', properties);
      return { type, attributes: pick(profile, ['profileArn', 'profileId']) };
    }
    case 'AWS::IAM::Role':
      return { type, attributes: await createRole(`stack-${id}`, properties as Members, aws) };
    default:
      throw new Error(`there is no ${type} here`);
  }
}

export async function deleteResource({ type, attributes }: Resource, aws: AwsCommand): Promise<void> {
  const { TrustAnchorId = '', ProfileId = '', RoleName = '', PolicyNames = '' } = attributes;
  if (type === 'AWS::RolesAnywhere::TrustAnchor') {
    await aws(['rolesanywhere', 'delete-trust-anchor', '--trust-anchor-id', TrustAnchorId]);
  } else if (type === 'AWS::RolesAnywhere::Profile') {
    await aws(['rolesanywhere', 'delete-profile', '--profile-id', ProfileId]);
  } else {
    for (const name of PolicyNames.split(' ')) {
      await aws(['iam', 'delete-role-policy', '--role-name', RoleName, '--policy-name', name]);
    }
    await aws(['iam', 'delete-role', '--role-name', RoleName]);
  }
}

/** The properties of these resources are the parameters of the API, in capitals. */
async function createInRolesAnywhere(aws: AwsCommand, kind: string, properties: unknown): Promise<Members> {
  const input = JSON.stringify(inLowerCamelCase(properties));
  const answer = await aws(['rolesanywhere', `create-${kind}`, '--cli-input-json', input]);
  return Object.values(answer)[0] as Members;
}

async function createRole(
  name: string,
  properties: Members,
  aws: AwsCommand,
): Promise<Resource['attributes']> {
  const { AssumeRolePolicyDocument, Policies = [], ...others } = properties;
  const input = {
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument),
    ...others,
  };
  const { Role } = await aws(['iam', 'create-role', '--cli-input-json', JSON.stringify(input)]);
  const policies = Policies as readonly { readonly PolicyName: string; readonly PolicyDocument: object }[];
  for (const { PolicyName, PolicyDocument } of policies) {
    const policy = { RoleName: name, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) };
    await aws(['iam', 'put-role-policy', '--cli-input-json', JSON.stringify(policy)]);
  }
  const names = policies.map(({ PolicyName }) => PolicyName).join(' ');
  return { Arn: String((Role as Members)['Arn']), RoleName: name, PolicyNames: names };
}

function inLowerCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inLowerCamelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/^X509/, 'x509').replace(/^[A-Z]/, (letter) => letter.toLowerCase()),
      inLowerCamelCase(item),
    ]),
  );
}

function pick(members: Members, names: readonly string[]): Resource['attributes'] {
  const inCapitals = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
  return Object.fromEntries(names.map((name) => [inCapitals(name), String(members[name])]));
}
