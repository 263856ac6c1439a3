import type { RawRequest } from '../http.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { ROLE_ARN_PATTERN } from '../role-arn.js';
import { splitTarget } from '../sigv4/request-target.js';
import { parseJsonBody } from './json-body.js';
import { parseQueryParameters } from './query-parameters.js';
import { Refusal, validationAnswer } from './refusal.js';

/** What a CreateSession asks for. */
export interface CreateSessionParameters {
  readonly trustAnchorArn: string;
  readonly profileArn: string;
  readonly roleArn: string;
  /** 900 to 43200. */
  readonly durationSeconds?: number;
  readonly roleSessionName?: string;
  readonly instanceProperties?: Readonly<Record<string, string>>;
}

/** Doubtful points of the service's own rules, decided one way unless told otherwise. */
export interface ParameterRules {
  /** STS takes `+` in a session name; the service was seen to refuse it. Default false. */
  readonly allowPlusInRoleSessionName?: boolean;
}

/**
 * Reads the parameters from query and body. Each ARN may be in either place, or in both if equal. Unknown members are
 * ignored, and a member that is `null` is absent.
 *
 * @throws Refusal with status 400; all broken constraints are in one text, as AWS writes them
 * @see AWS IAM Roles Anywhere User Guide, "CreateSession"
 */
export function parseCreateSessionParameters(
  request: RawRequest,
  rules: ParameterRules,
): CreateSessionParameters {
  const query = parseQueryParameters(splitTarget(request.target).query);
  const body = parseJsonBody(request.body);
  const problems: string[] = [];
  const arn = (name: keyof typeof ARN_PATTERNS): string => {
    const value = agree(name, query.get(name), member(body, name));
    const problem = arnProblem(name, value);
    if (problem !== undefined) problems.push(problem);
    return typeof value === 'string' ? value : '';
  };
  const [profileArn, roleArn, trustAnchorArn] = [arn('profileArn'), arn('roleArn'), arn('trustAnchorArn')];
  const durationSeconds = member(body, 'durationSeconds');
  const roleSessionName = agree(
    'roleSessionName',
    member(body, 'roleSessionName'),
    member(body, 'sessionName'),
  );
  const instanceProperties = member(body, 'instanceProperties');
  problems.push(
    ...durationProblems(durationSeconds),
    ...sessionNameProblems(roleSessionName, rules),
    ...instancePropertyProblems(instanceProperties),
  );
  if (problems.length > 0) throw invalid(problems);
  return {
    trustAnchorArn,
    profileArn,
    roleArn,
    ...(typeof durationSeconds === 'number' ? { durationSeconds } : {}),
    ...(typeof roleSessionName === 'string' ? { roleSessionName } : {}),
    ...(isTextMap(instanceProperties) ? { instanceProperties } : {}),
  };
}

const ARN_PATTERNS = {
  profileArn: /^arn:aws(-[^:]+)?:rolesanywhere(:.*){2}(:profile.*)$/,
  trustAnchorArn: /^arn:aws(-[^:]+)?:rolesanywhere(:.*){2}(:trust-anchor.*)$/,
  roleArn: ROLE_ARN_PATTERN,
} as const;

function member(body: JsonObject, name: string): unknown {
  return Object.hasOwn(body, name) ? (body[name] ?? undefined) : undefined;
}

function agree(name: string, first: unknown, second: unknown): unknown {
  if (first === undefined || second === undefined || first === second) return first ?? second;
  const message = `'${name}' is given twice, with different values`;
  throw new Refusal('PARAMETERS_CONFLICT', message, { ...validationAnswer(message), emulatorText: true });
}

function arnProblem(name: keyof typeof ARN_PATTERNS, value: unknown): string | undefined {
  if (value === undefined) return constraint(name, value, 'not be null');
  if (typeof value !== 'string') return constraint(name, value, 'be a string');
  if (value.length < 1) return constraint(name, value, 'have length greater than or equal to 1');
  if (value.length > 1011) return constraint(name, value, 'have length less than or equal to 1011');
  return ARN_PATTERNS[name].test(value) ? undefined : pattern(name, value, ARN_PATTERNS[name].source);
}

function durationProblems(value: unknown): string[] {
  if (value === undefined) return [];
  if (!Number.isInteger(value)) return [constraint('durationSeconds', value, 'be an integer')];
  if (Number(value) < 900)
    return [constraint('durationSeconds', value, 'have value greater than or equal to 900')];
  if (Number(value) > 43_200)
    return [constraint('durationSeconds', value, 'have value less than or equal to 43200')];
  return [];
}

function sessionNameProblems(
  value: unknown,
  { allowPlusInRoleSessionName = false }: ParameterRules,
): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'string') return [constraint('roleSessionName', value, 'be a string')];
  if (value.length < 2)
    return [constraint('roleSessionName', value, 'have length greater than or equal to 2')];
  if (value.length > 64)
    return [constraint('roleSessionName', value, 'have length less than or equal to 64')];
  const allowed = allowPlusInRoleSessionName ? '[a-zA-Z0-9_+=,.@-]*' : '[a-zA-Z0-9_=,.@-]*';
  return new RegExp(`^${allowed}$`).test(value) ? [] : [pattern('roleSessionName', value, allowed)];
}

function instancePropertyProblems(value: unknown): string[] {
  if (value === undefined) return [];
  const problem = (rule: string): string[] => [constraint('instanceProperties', value, rule)];
  // Counted before it is looked at: a body has room for tens of thousands.
  if (isJsonObject(value) && Object.keys(value).length > 50) return problem('have at most 50 entries');
  if (!isTextMap(value)) return problem('be a map of strings');
  const fits = Object.entries(value)
    .flat()
    .every((text) => text.length >= 1 && text.length <= 200);
  return fits ? [] : problem('have keys and values of length 1 to 200');
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

function constraint(name: string, value: unknown, rule: string): string {
  return `Value ${shown(value)} at '${name}' failed to satisfy constraint: Member must ${rule}`;
}

/** Objects and lists are named by their kind: writing out one nested a hundred thousand deep overflows the stack. */
function shown(value: unknown): string {
  if (value === undefined) return 'null';
  if (typeof value === 'string') return `'${value.slice(0, 256)}'`;
  if (typeof value === 'number' || typeof value === 'boolean') return `'${value}'`;
  return Array.isArray(value) ? 'of a list' : 'of an object';
}

function pattern(name: string, value: string, source: string): string {
  return constraint(name, value, `satisfy regular expression pattern: ${source}`);
}

function invalid(problems: readonly string[]): Refusal {
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  const text = `${count} detected: ${problems.join('; ')}`;
  return new Refusal('PARAMETERS_INVALID', text, validationAnswer(text));
}
