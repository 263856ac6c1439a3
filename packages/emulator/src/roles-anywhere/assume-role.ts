import type { Certificate } from '@rolesanywhere/pki';
import type { MintError } from '../errors.js';
import type { MintedCredentials, MintRequest } from '../minting.js';
import type { Profile } from '../registry/profiles.js';
import type { Role } from '../registry/roles.js';
import type { CreateSessionParameters } from './create-session-parameters.js';
import { evaluateTrustPolicy } from './evaluate-trust-policy.js';
import { policyContextOf } from './policy-context.js';
import { accessDenied, Refusal } from './refusal.js';
import { serialAsSessionName, type SerialPadding } from './session-name.js';
import { sessionTagsOf, unmappedSentence } from './session-tags.js';
import { isPlainSourceIdentity, sourceIdentityOf } from './source-identity.js';
import type { Notebook, SessionDetails } from './verdict.js';

/** The session that the service would ask STS for. */
export interface AssumeRoleInput {
  readonly parameters: CreateSessionParameters;
  readonly certificate: Certificate;
  readonly profile: Profile;
  /** Absent for an ARN that is in the profile only. */
  readonly role: Role | undefined;
  readonly serialPadding: SerialPadding;
}

/** Where it happens. */
export interface AssumeRoleRules {
  readonly accountId: string;
  readonly region: string;
  readonly now: Date;
  /** False: no trust policy is looked at, and a role need not be registered. */
  readonly evaluateTrustPolicy: boolean;
  readonly notebook: Notebook;
}

/**
 * Decides as STS would: trust policy, then the role's maximum session duration.
 *
 * @returns what is to be minted
 * @throws Refusal with the text `Unable to assume role for …`
 * @see AWS IAM Roles Anywhere User Guide, "Trust model"
 */
export function authorizeAssumeRole(input: AssumeRoleInput, rules: AssumeRoleRules): MintRequest {
  const session = sessionDetailsOf(input);
  rules.notebook.note({ session });
  reportOddities(session, rules.notebook);
  if (rules.evaluateTrustPolicy) checkTrustPolicy(session, input, rules);
  checkDuration(session, input);
  const { unmappedAttributes: _, ...asked } = session;
  const { accountId, region, now: issuedAt } = rules;
  return { ...asked, roleArn: input.parameters.roleArn, accountId, region, issuedAt };
}

/** Asks the back end; its refusal is a refusal of the role. Any other failure passes through. */
export async function mintCredentials(
  request: MintRequest,
  mint: (request: MintRequest) => Promise<MintedCredentials>,
): Promise<MintedCredentials> {
  try {
    return await mint(request);
  } catch (error) {
    if (!isMintRefusal(error)) throw error;
    throw new Refusal('ASSUME_ROLE_REFUSED', error.message, unableToAssume(request.roleArn, ''));
  }
}

/** Session name, source identity, tags and duration that follow from certificate, request and profile. */
function sessionDetailsOf(input: AssumeRoleInput): SessionDetails {
  const { parameters, certificate, profile } = input;
  const { tags, unmapped } = sessionTagsOf(certificate, profile.attributeMappings);
  return {
    roleSessionName:
      parameters.roleSessionName ?? serialAsSessionName(certificate.serialNumber, input.serialPadding),
    durationSeconds: Math.min(parameters.durationSeconds ?? profile.durationSeconds, profile.durationSeconds),
    sourceIdentity: sourceIdentityOf(certificate),
    sessionTags: tags,
    unmappedAttributes: unmapped,
  };
}

function checkTrustPolicy(session: SessionDetails, input: AssumeRoleInput, rules: AssumeRoleRules): void {
  const { trustAnchorArn, roleArn } = input.parameters;
  if (input.role === undefined) {
    const message = `${roleArn} is in the profile, but there is no such role`;
    throw new Refusal('ROLE_NOT_FOUND', message, unableToAssume(roleArn, ''));
  }
  const context = policyContextOf({ ...rules, ...session, trustAnchorArn, at: rules.now });
  const decision = evaluateTrustPolicy(input.role.trustPolicy, context);
  if (decision.allowed) return;
  const { action, because, statements } = decision;
  rules.notebook.note({ trustPolicy: statements });
  throw new Refusal(
    because === 'UNKNOWN_OPERATOR' ? 'TRUST_POLICY_UNKNOWN_OPERATOR' : 'TRUST_POLICY_REFUSED',
    `The trust policy does not allow ${action} (${because}): ${statements.join(' · ')}`,
    unableToAssume(roleArn, unmappedSentence(session.unmappedAttributes)),
  );
}

function checkDuration({ durationSeconds }: SessionDetails, { role, parameters }: AssumeRoleInput): void {
  const maximum = role?.maximumSessionDurationSeconds ?? durationSeconds;
  if (durationSeconds <= maximum) return;
  throw new Refusal(
    'DURATION_ABOVE_ROLE_MAXIMUM',
    `The session would last ${durationSeconds} s; the role allows ${maximum} s`,
    unableToAssume(
      parameters.roleArn,
      ' The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ),
  );
}

/** By name, not by class: a mint may come from the other (ESM or CommonJS) copy of this package. */
function isMintRefusal(error: unknown): error is MintError {
  return (
    error instanceof Error &&
    error.name === 'MintError' &&
    'code' in error &&
    error.code === 'ASSUME_ROLE_REFUSED'
  );
}

function unableToAssume(roleArn: string, sentence: string): Refusal['answer'] {
  return accessDenied(`Unable to assume role for ${roleArn}.${sentence}`);
}

function reportOddities(session: SessionDetails, notebook: Notebook): void {
  if (!isPlainSourceIdentity(session.sourceIdentity)) {
    const message = `STS documents no source identity like '${session.sourceIdentity}'; what the live service does with it is unknown`;
    notebook.report({ code: 'SOURCE_IDENTITY_UNUSUAL', message });
  }
  for (const { field, specifier } of session.unmappedAttributes) {
    const message = `${field}/${specifier} holds characters that a session tag cannot, so it is left out`;
    notebook.report({ code: 'ATTRIBUTE_NOT_MAPPED', message });
  }
}
