import { evaluateConditions } from './policy-conditions.js';
import { matchesPattern, parsePattern, type PolicyContext } from './policy-pattern.js';
import type { PolicyPrincipal, TrustPolicy, TrustStatement } from './trust-policy.js';

/** The service that assumes the role. */
export const SERVICE_PRINCIPAL = 'rolesanywhere.amazonaws.com';

/** What the trust policy must allow that service: all three, always. */
const REQUIRED_ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] as const;

/** Answer of a trust policy: allowed, or the first action that is not, with the reason for each statement. */
export type TrustDecision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly action: string;
      readonly because: 'NO_STATEMENT_ALLOWS' | 'DENIED' | 'UNKNOWN_OPERATOR';
      /** One line for each statement that had to do with the decision. */
      readonly statements: readonly string[];
    };

/**
 * Whether a trust policy lets Roles Anywhere assume the role with session tags and source identity.
 * An operator that is not known refuses, whatever the rest of the policy says: guessing would open a door.
 *
 * @see AWS IAM User Guide, "Policy evaluation logic"; AWS IAM Roles Anywhere User Guide, "Trust model"
 */
export function evaluateTrustPolicy(policy: TrustPolicy, context: PolicyContext): TrustDecision {
  for (const action of REQUIRED_ACTIONS) {
    const judged = policy.statements.map((statement) => judge(statement, action, context));
    const unknown = judged.filter((judgement) => judgement.outcome === 'unknown');
    const denied = judged.filter((judgement) => judgement.outcome === 'Deny');
    const statements = judged.map((judgement) => judgement.line);
    if (unknown.length > 0) return { allowed: false, action, because: 'UNKNOWN_OPERATOR', statements };
    if (denied.length > 0) return { allowed: false, action, because: 'DENIED', statements };
    if (!judged.some((judgement) => judgement.outcome === 'Allow')) {
      return { allowed: false, action, because: 'NO_STATEMENT_ALLOWS', statements };
    }
  }
  return { allowed: true };
}

interface Judgement {
  readonly outcome: 'Allow' | 'Deny' | 'none' | 'unknown';
  readonly line: string;
}

function judge(statement: TrustStatement, action: string, context: PolicyContext): Judgement {
  const { label, effect } = statement;
  if (namesService(statement.principal) === statement.principalNegated) {
    return { outcome: 'none', line: `${label}: its principal is not ${SERVICE_PRINCIPAL}` };
  }
  if (namesAction(statement.actions, action) === statement.actionsNegated) {
    return { outcome: 'none', line: `${label}: is not about ${action}` };
  }
  const conditions = evaluateConditions(statement.conditions, context);
  if (conditions.holds) return { outcome: effect, line: `${label}: ${effect} ${action}` };
  const outcome = conditions.unknownOperator === undefined ? 'none' : 'unknown';
  return { outcome, line: `${label}: ${effect} ${action} does not apply: ${conditions.because}` };
}

function namesService(principal: PolicyPrincipal): boolean {
  if (principal === '*') return true;
  return Object.entries(principal).some(
    ([type, names]) =>
      (type === 'Service' && names.some((name) => name === SERVICE_PRINCIPAL || name === '*')) ||
      (type === 'AWS' && names.includes('*')),
  );
}

function namesAction(patterns: readonly string[], action: string): boolean {
  return patterns.some((text) => {
    const pattern = parsePattern(text.toLowerCase(), new Map());
    return pattern !== undefined && matchesPattern(pattern, action.toLowerCase());
  });
}
