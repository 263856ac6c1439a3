import type { RawHandler, RawRequest } from '../http.js';
import type { IssuedSession } from '../issued-sessions.js';
import type { Mint } from '../minting.js';
import { randomUuid, type RandomBytes } from '../random.js';
import type { Registry } from '../registry.js';
import { splitTarget } from '../sigv4/request-target.js';
import { answerWith, refuseWith } from './answers.js';
import { authorizeAssumeRole, mintCredentials } from './assume-role.js';
import { parseCreateSessionParameters, type CreateSessionParameters } from './create-session-parameters.js';
import { issueSession, type GrantedSession } from './granted-session.js';
import { checkProfileRules } from './profile-rules.js';
import { Refusal } from './refusal.js';
import { findProfile, findTrustAnchor } from './resources.js';
import type { SerialPadding } from './session-name.js';
import { createNotebook, type Notebook, type Verdict } from './verdict.js';
import { verifyCertificate } from './verify-certificate.js';
import { verifySignature } from './verify-signature.js';

/** Everything that CreateSession depends on beside the request. */
export interface CreateSessionContext {
  readonly registry: Registry;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly clock: () => Date;
  readonly random: RandomBytes;
  readonly mint: Mint;
  readonly keepSession: (session: IssuedSession) => void;
  readonly onVerdict: (verdict: Verdict) => void;
  readonly clockToleranceSeconds: number;
  readonly lenient: boolean;
  readonly requireClientAuthEku: boolean;
  readonly evaluateTrustPolicy: boolean;
  readonly notFoundAs404: boolean;
  readonly maximumChainLength: number;
  readonly serialPadding: SerialPadding;
  readonly allowPlusInRoleSessionName: boolean;
}

/**
 * The handler of `POST …/sessions`, at any mount prefix. Decides in the service's order, answers with the service's own
 * status, error type and text, and gives every decision with its true cause to `onVerdict`. Never rejects, unless
 * `onVerdict` throws.
 *
 * @see AWS IAM Roles Anywhere User Guide, "CreateSession"
 */
export function createSessionHandler(context: CreateSessionContext): RawHandler {
  return async (request) => {
    const notebook = createNotebook();
    const at = context.clock();
    const outcome = await createSession(request, { ...context, now: at, notebook }).catch(asRefusal);
    const exchange = { request, requestId: randomUuid(context.random), at, notebook };
    return outcome instanceof Refusal
      ? refuseWith(outcome, exchange, context.onVerdict)
      : answerWith(outcome, exchange, context.onVerdict);
  };
}

/** Context of one request: its time does not move while it is judged. */
interface OneRequest extends CreateSessionContext {
  readonly now: Date;
  readonly notebook: Notebook;
}

/** The checks, in order. Each throws a `Refusal`. */
async function createSession(request: RawRequest, context: OneRequest): Promise<GrantedSession> {
  checkRoute(request);
  const parameters = parseCreateSessionParameters(request, context);
  context.notebook.note({ parameters });
  const signed = await verifySignature(request, context);
  const trustAnchor = findTrustAnchor(parameters.trustAnchorArn, context);
  const crls = context.registry.enabledCrls(trustAnchor.trustAnchorArn);
  await verifyCertificate(signed, { ...context, trustAnchor, crls });
  const profile = findProfile(parameters.profileArn, context);
  checkProfileRules(profile, parameters);
  const granted = await assumeRole(parameters, { ...context, profile, certificate: signed.certificate });
  context.keepSession(granted.session);
  return granted;
}

async function assumeRole(
  parameters: CreateSessionParameters,
  context: OneRequest & Pick<Parameters<typeof authorizeAssumeRole>[0], 'profile' | 'certificate'>,
): Promise<GrantedSession> {
  const role = context.registry.findRole(parameters.roleArn);
  const mintRequest = authorizeAssumeRole({ ...context, parameters, role }, context);
  const minted = await mintCredentials(mintRequest, context.mint);
  const { subjectArn } = context.registry.seeSubject(context.certificate);
  return issueSession({ mintRequest, minted, subjectArn });
}

function checkRoute({ method, target }: RawRequest): void {
  const { path } = splitTarget(target);
  if (method === 'POST' && path.endsWith('/sessions')) return;
  throw new Refusal(
    'ROUTE_NOT_FOUND',
    `There is nothing at ${method} ${path.slice(0, 256)}; CreateSession is POST /sessions`,
    {
      status: 404,
      errorType: 'UnknownOperationException',
      text: 'Not Found',
      emulatorText: true,
    },
  );
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Refusal('EMULATOR_FAILED', message, {
    status: 500,
    errorType: 'InternalServerException',
    text: 'Internal server error',
    emulatorText: true,
  });
}
