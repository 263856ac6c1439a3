/** What roles may do: the policies that PutRolePolicy attached, judged as IAM does for actions and resources. */

/** One statement, with everything as lists. */
interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

export interface RolePolicies {
  /** @throws Error with what is wrong, also for an element that is not judged here */
  put(name: { readonly roleName: string; readonly policyName: string }, document: unknown): void;
  /** @throws Error when there is no such policy */
  remove(roleName: string, policyName: string): void;
  /** How many policies a role has. */
  count(roleName: string): number;
  /** An allowing statement, and no denying one. */
  allow(roleName: string, call: { readonly action: string; readonly resource: string }): boolean;
}

export function createRolePolicies(): RolePolicies {
  const policies = new Map<string, ReadonlyMap<string, readonly Statement[]>>();
  const of = (roleName: string): ReadonlyMap<string, readonly Statement[]> =>
    policies.get(roleName) ?? new Map<string, readonly Statement[]>();
  return {
    put: ({ roleName, policyName }, document) => {
      policies.set(roleName, new Map([...of(roleName), [policyName, parse(document)]]));
    },
    remove: (roleName, policyName) => {
      if (!of(roleName).has(policyName)) throw new Error(`The role ${roleName} has no policy ${policyName}`);
      policies.set(roleName, new Map([...of(roleName)].filter(([name]) => name !== policyName)));
    },
    count: (roleName) => of(roleName).size,
    allow: (roleName, { action, resource }) => {
      const statements = [...of(roleName).values()]
        .flat()
        .filter(
          ({ actions, resources }) =>
            actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
            resources.some((pattern) => matches(pattern, resource)),
        );
      return statements.length > 0 && statements.every(({ effect }) => effect === 'Allow');
    },
  };
}

function parse(document: unknown): readonly Statement[] {
  const { Statement: statements } = membersOf(document);
  return [statements].flat().map((statement) => {
    const { Sid: _, Effect, Action, Resource, ...others } = membersOf(statement);
    const unknown = Object.keys(others);
    if (unknown.length > 0) throw new Error(`This server does not judge ${unknown.join(', ')} in a policy`);
    if (Effect !== 'Allow' && Effect !== 'Deny')
      throw new Error('The Effect of a statement is Allow or Deny');
    return { effect: Effect, actions: textsOf(Action), resources: textsOf(Resource) };
  });
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null)
    throw new Error('A policy is an object with Statement in it');
  return Object.fromEntries(Object.entries(value));
}

function textsOf(value: unknown): readonly string[] {
  const list = [value].flat().filter((item) => typeof item === 'string');
  if (list.length === 0) throw new Error('A statement has Action and Resource');
  return list;
}

/** `*` stands for any characters, `?` for one. */
function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}
