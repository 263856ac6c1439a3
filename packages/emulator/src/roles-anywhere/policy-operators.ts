import { matchesPattern, parseExact, parsePattern, type PolicyContext } from './policy-pattern.js';

/** Compares one value of the request with one value of the policy. */
export interface PolicyOperator {
  /** A negated operator holds when no policy value matches, also when the key is absent. */
  readonly negated: boolean;
  readonly matches: (value: string, policyValue: string, context: PolicyContext) => boolean;
}

/**
 * The condition operator of that name (without `IfExists` and set qualifier), or `undefined` for one this emulator does
 * not evaluate (binary and IP address operators have no key in this request that they could look at).
 *
 * @see AWS IAM User Guide, "IAM JSON policy elements: Condition operators"
 */
export function policyOperator(name: string): PolicyOperator | undefined {
  return OPERATORS.get(name.toLowerCase());
}

type Matches = PolicyOperator['matches'];

const exact: Matches = (value, policyValue, context) => value === parseExact(policyValue, context);
const exactIgnoringCase: Matches = (value, policyValue, context) =>
  value.toLowerCase() === parseExact(policyValue, context)?.toLowerCase();
const like: Matches = (value, policyValue, context) => {
  const pattern = parsePattern(policyValue, context);
  return pattern !== undefined && matchesPattern(pattern, value);
};
const bool: Matches = (value, policyValue) => value.toLowerCase() === policyValue.toLowerCase();

/** ArnEquals and ArnLike are the same: each of the six parts of an ARN by itself, wildcards do not cross a colon. */
const arnLike: Matches = (value, policyValue, context) => {
  if (policyValue === '*') return true;
  const parts = arnParts(value);
  const patterns = arnParts(policyValue);
  return parts.length === 6 && parts.every((part, index) => like(part, patterns[index] ?? '', context));
};

function arnParts(arn: string): string[] {
  // A policy variable holds a colon itself (`${aws:SourceAccount}`), so a plain split would tear it.
  const pieces = arn.match(/\$\{[^}]*\}|[^]/gu) ?? [];
  const parts = [''];
  for (const piece of pieces) {
    if (piece === ':' && parts.length < 6) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${piece}`);
  }
  return parts;
}

function compared(
  read: (text: string) => number,
  holds: (value: number, policyValue: number) => boolean,
): Matches {
  return (value, policyValue, context) => {
    const [left, right] = [read(value), read(parseExact(policyValue, context) ?? '')];
    return !Number.isNaN(left) && !Number.isNaN(right) && holds(left, right);
  };
}

const numeric = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
/** ISO 8601, or seconds since 1970. */
const instant = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const OPERATORS: ReadonlyMap<string, PolicyOperator> = new Map(
  [
    ...pair('String', 'Equals', exact),
    ...pair('String', 'EqualsIgnoreCase', exactIgnoringCase),
    ...pair('String', 'Like', like),
    ...pair('Arn', 'Equals', arnLike),
    ...pair('Arn', 'Like', arnLike),
    ...ordered('Numeric', numeric),
    ...ordered('Date', instant),
    ['Bool', { negated: false, matches: bool }] as const,
  ].map(([name, operator]) => [name.toLowerCase(), operator]),
);

type NamedOperator = readonly [name: string, operator: PolicyOperator];

function pair(family: string, relation: string, matches: Matches): NamedOperator[] {
  return [
    [`${family}${relation}`, { negated: false, matches }],
    [`${family}Not${relation}`, { negated: true, matches }],
  ];
}

function ordered(family: string, read: (text: string) => number): NamedOperator[] {
  const operator = (name: string, holds: (a: number, b: number) => boolean): NamedOperator => [
    `${family}${name}`,
    { negated: false, matches: compared(read, holds) },
  ];
  return [
    ...pair(
      family,
      'Equals',
      compared(read, (a, b) => a === b),
    ),
    operator('LessThan', (a, b) => a < b),
    operator('LessThanEquals', (a, b) => a <= b),
    operator('GreaterThan', (a, b) => a > b),
    operator('GreaterThanEquals', (a, b) => a >= b),
  ];
}
