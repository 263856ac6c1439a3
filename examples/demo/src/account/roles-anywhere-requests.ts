/** The requests of IAM Roles Anywhere that set trust anchors, profiles and CRLs up, over HTTP as the AWS CLI sends them. */
import {
  ControlPlaneError,
  type Emulator,
  type Profile,
  type RawRequest,
  type RawResponse,
  type TrustAnchor,
} from '@rolesanywhere/emulator';

/** The members of a request's body, which are not trusted to be there or of any type. */
type Input = Readonly<Record<string, unknown>>;

interface Call {
  readonly emulator: Emulator;
  readonly input: Input;
  /** The trust anchor or the profile that the path names. */
  readonly arn: string;
}

/** Method and path, and what to do: each gives the answer's body. */
const ROUTES: readonly (readonly [method: string, path: RegExp, perform: (call: Call) => object])[] = [
  ['POST', /^\/trustanchors$/, createTrustAnchor],
  ['DELETE', /^\/trustanchor\/([\w-]+)$/, ({ emulator, arn }) => nothing(emulator.deleteTrustAnchor(arn))],
  [
    'POST',
    /^\/trustanchor\/([\w-]+)\/enable$/,
    ({ emulator, arn }) => anchorAnswer(emulator.enableTrustAnchor(arn)),
  ],
  [
    'POST',
    /^\/trustanchor\/([\w-]+)\/disable$/,
    ({ emulator, arn }) => anchorAnswer(emulator.disableTrustAnchor(arn)),
  ],
  ['POST', /^\/profiles$/, createProfile],
  ['DELETE', /^\/profile\/([\w-]+)$/, ({ emulator, arn }) => nothing(emulator.deleteProfile(arn))],
  [
    'POST',
    /^\/profile\/([\w-]+)\/enable$/,
    ({ emulator, arn }) => profileAnswer(emulator.enableProfile(arn)),
  ],
  [
    'POST',
    /^\/profile\/([\w-]+)\/disable$/,
    ({ emulator, arn }) => profileAnswer(emulator.disableProfile(arn)),
  ],
];

/** Where the resources are, for the ARNs that paths name by their last part. */
export interface ResourcePlace {
  readonly region: string;
  readonly accountId: string;
}

/** Answers a request that is already known to be the administrator's. */
export function answerRolesAnywhere(
  request: RawRequest,
  emulator: Emulator,
  place: ResourcePlace,
): RawResponse {
  const path = request.target.split('?')[0] ?? '';
  for (const [method, pattern, perform] of ROUTES) {
    const match = method === request.method ? pattern.exec(path) : null;
    if (match === null) continue;
    const kind = path.startsWith('/profile') ? 'profile' : 'trust-anchor';
    const arn = `arn:aws:rolesanywhere:${place.region}:${place.accountId}:${kind}/${match[1] ?? ''}`;
    try {
      return json(
        method === 'POST' && match[1] === undefined ? 201 : 200,
        perform({ emulator, input: read(request), arn }),
      );
    } catch (error) {
      if (error instanceof ControlPlaneError) return refusal(error.status, error.name, error.message);
      return refusal(400, 'ValidationException', error instanceof Error ? error.message : String(error));
    }
  }
  return refusal(404, 'UnknownOperationException', `This server does not know ${request.method} ${path}`);
}

export function refusal(status: number, errorType: string, message: string): RawResponse {
  const { headers, body } = json(status, { message });
  return { status, headers: { ...headers, 'x-amzn-ErrorType': errorType }, body };
}

/** As the service has it, what is not `--enabled` is switched off. */
function createTrustAnchor({ emulator, input }: Call): object {
  const source = membersOf(input['source']);
  if (source['sourceType'] !== 'CERTIFICATE_BUNDLE')
    throw new Error('This server knows CERTIFICATE_BUNDLE only');
  const certificates = text(membersOf(source['sourceData']), 'x509CertificateData');
  const enabled = input['enabled'] === true;
  return anchorAnswer(emulator.createTrustAnchor({ name: text(input, 'name'), certificates, enabled }));
}

function createProfile({ emulator, input }: Call): object {
  const { roleArns, durationSeconds } = input;
  const profile = emulator.createProfile({
    name: text(input, 'name'),
    roleArns: Array.isArray(roleArns) ? roleArns.map(String) : [],
    ...(typeof durationSeconds === 'number' && { durationSeconds }),
    acceptRoleSessionName: input['acceptRoleSessionName'] === true,
    requireInstanceProperties: input['requireInstanceProperties'] === true,
    enabled: input['enabled'] === true,
  });
  return profileAnswer(profile);
}

/** The members that the service has too. */
function anchorAnswer({ trustAnchorArn, trustAnchorId, name, enabled, createdAt }: TrustAnchor): object {
  return { trustAnchor: { trustAnchorArn, trustAnchorId, name, enabled, createdAt } };
}

function profileAnswer({ attributeMappings, ...profile }: Profile): object {
  const mappings = Object.entries(attributeMappings).map(([certificateField, specifiers]) => ({
    certificateField,
    mappingRules: specifiers.map((specifier) => ({ specifier })),
  }));
  return { profile: { ...profile, attributeMappings: mappings } };
}

function nothing(_done: void): object {
  return {};
}

function read(request: RawRequest): Input {
  return request.body.length === 0 ? {} : membersOf(JSON.parse(Buffer.from(request.body).toString('utf8')));
}

function membersOf(value: unknown): Input {
  if (typeof value !== 'object' || value === null) throw new Error('An object is missing in the body');
  return Object.fromEntries(Object.entries(value));
}

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw new Error(`${name} is missing`);
  return value;
}

function json(status: number, content: object): RawResponse {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(content) };
}
