import { SERVICE_PRINCIPAL } from './evaluate-trust-policy.js';
import type { PolicyContext } from './policy-pattern.js';

/** Facts of one CreateSession that a trust policy can look at. */
export interface PolicyContextInit {
  readonly trustAnchorArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly roleSessionName: string;
  readonly sourceIdentity: string;
  readonly sessionTags: Readonly<Record<string, string>>;
  readonly at: Date;
}

/**
 * The condition keys that Roles Anywhere brings to AssumeRole. Keys are in lower case, because IAM does not look at
 * the case of key names.
 *
 * @see AWS IAM Roles Anywhere User Guide, "Trust model"; AWS IAM User Guide, "AWS global condition context keys"
 */
export function policyContextOf(init: PolicyContextInit): PolicyContext {
  const tags = Object.entries(init.sessionTags);
  const keys: (readonly [key: string, values: readonly string[]])[] = [
    ['aws:SourceArn', [init.trustAnchorArn]],
    ['aws:SourceAccount', [init.accountId]],
    ['aws:RequestedRegion', [init.region]],
    ['aws:PrincipalIsAWSService', ['true']],
    ['aws:PrincipalServiceName', [SERVICE_PRINCIPAL]],
    ['aws:PrincipalServiceNamesList', [SERVICE_PRINCIPAL]],
    ['aws:SecureTransport', ['true']],
    ['aws:CurrentTime', [init.at.toISOString()]],
    ['aws:EpochTime', [String(Math.floor(init.at.getTime() / 1000))]],
    ['sts:RoleSessionName', [init.roleSessionName]],
    ['sts:SourceIdentity', [init.sourceIdentity]],
    ...tags.flatMap(([key, value]): [string, string[]][] => [
      [`aws:PrincipalTag/${key}`, [value]],
      [`aws:RequestTag/${key}`, [value]],
    ]),
    // Without tags the key is absent, as the `Null` operator sees it.
    ...(tags.length === 0 ? [] : [['aws:TagKeys', tags.map(([key]) => key)] as const]),
  ];
  return new Map(keys.map(([key, values]) => [key.toLowerCase(), values]));
}
