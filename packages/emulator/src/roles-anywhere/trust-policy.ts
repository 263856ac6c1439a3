import { ControlPlaneError } from '../errors.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import type { ConditionBlock } from './policy-conditions.js';

/** Principals of a statement: any at all, or names by type (`Service`, `AWS`, `Federated`, `CanonicalUser`). */
export type PolicyPrincipal = '*' | Readonly<Record<string, readonly string[]>>;

/** One statement of a trust policy, read and checked; every list is a list, whatever the JSON had. */
export interface TrustStatement {
  /** Its `Sid`, or `statement 1` and so on. */
  readonly label: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principal: PolicyPrincipal;
  /** True for `NotPrincipal`: the statement is about everybody else. */
  readonly principalNegated: boolean;
  readonly actions: readonly string[];
  /** True for `NotAction`. */
  readonly actionsNegated: boolean;
  readonly conditions: ConditionBlock;
}

/** A trust policy, read and checked. */
export interface TrustPolicy {
  readonly version: string;
  readonly statements: readonly TrustStatement[];
}

/**
 * Reads a role's trust policy as IAM does.
 *
 * @throws ControlPlaneError `ValidationException` with the place of the fault, for a document that IAM would refuse
 * @see AWS IAM User Guide, "IAM JSON policy elements reference"
 */
export function parseTrustPolicy(document: unknown): TrustPolicy {
  const policy = record(document, 'Trust policy');
  const version = policy['Version'] ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17')
    refuse('Version must be 2012-10-17 or 2008-10-17');
  const statements = Array.isArray(policy['Statement']) ? policy['Statement'] : [policy['Statement']];
  if (statements.length === 0) refuse('Statement must not be empty');
  return { version, statements: statements.map(parseStatement) };
}

function parseStatement(value: unknown, index: number): TrustStatement {
  const statement = record(value, `Statement ${index + 1}`);
  const label = typeof statement['Sid'] === 'string' ? statement['Sid'] : `statement ${index + 1}`;
  const unknown = Object.keys(statement).find((key) => !STATEMENT_MEMBERS.has(key));
  // A trust policy hangs on its role, so IAM lets it name no Resource.
  if (unknown !== undefined) refuse(`${label} has prohibited field ${unknown}`);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') return refuse(`Effect of ${label} must be Allow or Deny`);
  const [principal, principalNegated] = oneOf(statement, ['Principal', 'NotPrincipal'], label);
  const [actions, actionsNegated] = oneOf(statement, ['Action', 'NotAction'], label);
  if (principalNegated && effect === 'Allow') refuse(`${label} uses NotPrincipal with Allow`);
  return {
    label,
    effect,
    principal: parsePrincipal(principal, label),
    principalNegated,
    actions: texts(actions, `Action of ${label}`),
    actionsNegated,
    conditions: parseConditions(statement['Condition'] ?? {}, label),
  };
}

const STATEMENT_MEMBERS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Condition',
]);

function oneOf(
  statement: JsonObject,
  [name, negatedName]: readonly [string, string],
  label: string,
): readonly [value: unknown, negated: boolean] {
  const present = [name, negatedName].filter((key) => statement[key] !== undefined);
  if (present.length !== 1) refuse(`${label} must have either ${name} or ${negatedName}`);
  return [statement[present[0] ?? name], present[0] === negatedName];
}

function parsePrincipal(value: unknown, label: string): PolicyPrincipal {
  if (value === '*') return '*';
  const principal = record(value, `Principal of ${label}`);
  const types = Object.entries(principal);
  if (types.length === 0) refuse(`Principal of ${label} is empty`);
  return Object.fromEntries(
    types.map(([type, names]) => [type, texts(names, `Principal ${type} of ${label}`)]),
  );
}

function parseConditions(value: unknown, label: string): ConditionBlock {
  const block = Object.entries(record(value, `Condition of ${label}`));
  return Object.fromEntries(
    block.map(([operator, keys]) => {
      const place = `Condition ${operator} of ${label}`;
      const entries = Object.entries(record(keys, place));
      return [
        operator,
        Object.fromEntries(entries.map(([key, values]) => [key, texts(values, `${place}, ${key}`)])),
      ];
    }),
  );
}

/** A text or a list of texts; numbers and booleans count as their text. */
function texts(value: unknown, place: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
      return String(item);
    return refuse(`${place} must be a text or a list of texts`);
  });
}

function record(value: unknown, place: string): JsonObject {
  return isJsonObject(value) ? value : refuse(`${place} must be an object`);
}

function refuse(problem: string): never {
  throw new ControlPlaneError('ValidationException', `MalformedPolicyDocument: ${problem}`);
}
