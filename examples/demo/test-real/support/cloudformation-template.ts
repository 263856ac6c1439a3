/** A template of CloudFormation as its YAML reader gives it, and what its functions stand for. */

export interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: unknown }>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface Scope {
  readonly parameters: ReadonlyMap<string, string>;
  /** Of the resources that are made already: `TrustAnchor.TrustAnchorArn`. */
  readonly attributes: Map<string, string>;
}

/**
 * Puts values in place of `Ref`, `Fn::GetAtt` and `Fn::Sub`.
 *
 * @throws Error for a name that is not known, and for any other function
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries.length === 1 ? (entries[0] ?? []) : [];
  if (name === 'Ref') return lookUp(String(argument), scope);
  if (name === 'Fn::GetAtt') return lookUp([argument].flat().join('.'), scope);
  if (name === 'Fn::Sub') {
    return String(argument).replaceAll(/\$\{([^}]+)\}/g, (_, variable: string) => lookUp(variable, scope));
  }
  if (name?.startsWith('Fn::') === true) throw new Error(`the function ${name} is not known`);
  return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item, scope)]));
}

function lookUp(name: string, { parameters, attributes }: Scope): string {
  const value = name === 'AWS::Partition' ? 'aws' : (parameters.get(name) ?? attributes.get(name));
  if (value === undefined) throw new Error(`the template refers to ${name}, which is not there`);
  return value;
}
