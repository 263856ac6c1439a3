import { policyOperator, type PolicyOperator } from './policy-operators.js';
import type { PolicyContext } from './policy-pattern.js';

/** The `Condition` element of a statement: operator → condition key → values. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Why a condition block does not hold, in words; `unknownOperator` when it could not be evaluated at all. */
export type ConditionResult =
  | { readonly holds: true }
  | { readonly holds: false; readonly because: string; readonly unknownOperator?: string };

/**
 * Whether every condition of the block holds in the context: operators and keys are joined by AND, values by OR
 * (NOR for a negated operator).
 *
 * @see AWS IAM User Guide, "IAM JSON policy elements: Condition" and "Multivalued context keys"
 */
export function evaluateConditions(block: ConditionBlock, context: PolicyContext): ConditionResult {
  for (const [operatorText, keys] of Object.entries(block)) {
    const condition = parseOperator(operatorText);
    if (condition === undefined) {
      return {
        holds: false,
        because: `Condition operator ${operatorText} is not known`,
        unknownOperator: operatorText,
      };
    }
    for (const [key, policyValues] of Object.entries(keys)) {
      const values = context.get(key.toLowerCase());
      if (!condition({ values, policyValues, context })) {
        const found = values === undefined ? 'the key is absent' : `the value is ${JSON.stringify(values)}`;
        return { holds: false, because: `${operatorText} ${key} ${JSON.stringify(policyValues)}: ${found}` };
      }
    }
  }
  return { holds: true };
}

interface Comparison {
  readonly values: readonly string[] | undefined;
  readonly policyValues: readonly string[];
  readonly context: PolicyContext;
}
type Condition = (comparison: Comparison) => boolean;

function parseOperator(text: string): Condition | undefined {
  const [, qualifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i.exec(text) ?? [];
  if (name.toLowerCase() === 'null')
    return qualifier === undefined && ifExists === undefined ? isAbsent : undefined;
  const operator = policyOperator(name);
  if (operator === undefined) return undefined;
  return ({ values, policyValues, context }) => {
    if (values === undefined) return absentKeyHolds(operator, { ifExists, qualifier });
    const fits = (value: string): boolean =>
      policyValues.some((policyValue) => operator.matches(value, policyValue, context)) !== operator.negated;
    if (qualifier?.toLowerCase() === 'forallvalues') return values.every(fits);
    if (qualifier?.toLowerCase() === 'foranyvalue') return values.some(fits);
    return operator.negated ? values.every(fits) : values.some(fits);
  };
}

function absentKeyHolds(
  operator: PolicyOperator,
  { ifExists, qualifier }: { readonly ifExists: string | undefined; readonly qualifier: string | undefined },
): boolean {
  if (ifExists !== undefined || qualifier?.toLowerCase() === 'forallvalues') return true;
  return operator.negated && qualifier === undefined;
}

/** `Null`: "true" wants the key absent, "false" wants it there. */
const isAbsent: Condition = ({ values, policyValues }) =>
  policyValues.some((policyValue) => (policyValue.toLowerCase() === 'true') === (values === undefined));
