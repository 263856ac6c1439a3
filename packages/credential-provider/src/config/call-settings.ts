import { isAttemptCount, isRegion } from './client-config-problems.js';
import type { ClientConfig } from './client-config.js';
import { findEndpointProblem } from './endpoint-problem.js';
import { readPlacedVariable } from './environment-source.js';
import { readBoolean } from './flag-names.js';
import type { Problem } from './problem.js';
import { readBlock, type SharedProfile } from './shared-config.js';
import { firstText, type PlacedText, type TextSource } from './text-source.js';

/** How CreateSession is called, from all places, and what is wrong with what was found. */
export interface CallSettings {
  readonly clientConfig: ClientConfig;
  readonly problems: readonly Problem[];
}

/** What call settings are looked for in, beside the environment. */
export interface CallSettingsPlaces {
  readonly sources: readonly TextSource[];
  readonly profile: SharedProfile;
}

/**
 * Fills in what the options leave open. The region comes from settings made for IAM Roles Anywhere only: `AWS_REGION` and
 * the profile's `region` belong to the application's clients.
 * @see AWS SDKs and Tools Reference Guide: "Service-specific endpoints", "Dual-stack and FIPS endpoints", "Retry behavior"
 */
export function findCallSettings(own: ClientConfig, places: CallSettingsPlaces): CallSettings {
  const { sources, profile } = places;
  const problems: Problem[] = [];
  const read = <T>(found: PlacedText | undefined, form: Form<T>): T | undefined => {
    if (found === undefined) return undefined;
    const value = form.parse(found.text);
    if (value !== undefined) return value;
    problems.push({ code: 'INVALID_OPTION', message: `${found.label} ${form.rule(found.text)}` });
    return undefined;
  };
  const setting = (name: string, variable: string, key: string): PlacedText | undefined =>
    readPlacedVariable(name, variable) ?? ofProfile(profile.keys, key);
  const clientConfig: ClientConfig = {
    ...own,
    region: own.region ?? read(firstText(sources, 'region'), regionForm),
    endpoint: own.endpoint ?? read(findEndpoint(places), endpointForm),
    useFipsEndpoint:
      own.useFipsEndpoint ??
      read(setting('useFipsEndpoint', 'AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint'), booleanForm),
    useDualstackEndpoint:
      own.useDualstackEndpoint ??
      read(
        setting('useDualstackEndpoint', 'AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint'),
        booleanForm,
      ),
    maxAttempts:
      own.maxAttempts ?? read(setting('maxAttempts', 'AWS_MAX_ATTEMPTS', 'max_attempts'), countForm),
    requestHandler:
      own.requestHandler ??
      (firstText(sources, 'noVerifySsl') && { httpsAgent: { rejectUnauthorized: false } }),
  };
  return { clientConfig, problems };
}

/** What is meant for this service goes before what is meant for all. */
function findEndpoint({ sources, profile }: CallSettingsPlaces): PlacedText | undefined {
  const [environment, ...others] = sources;
  const ignore =
    readPlacedVariable('', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') ??
    profile.keys.get('ignore_configured_endpoint_urls');
  const ignored = ignore?.text.toLowerCase() === 'true';
  const variable = (name: string): PlacedText | undefined =>
    ignored ? undefined : readPlacedVariable('endpoint', name);
  return (
    environment?.texts.get('endpoint') ??
    variable('AWS_ENDPOINT_URL_ROLESANYWHERE') ??
    firstText(others, 'endpoint') ??
    variable('AWS_ENDPOINT_URL') ??
    (ignored
      ? undefined
      : (ofProfile(readBlock(profile.services, 'rolesanywhere'), 'endpoint_url') ??
        ofProfile(profile.keys, 'endpoint_url')))
  );
}

function ofProfile(keys: ReadonlyMap<string, PlacedText>, key: string): PlacedText | undefined {
  const found = keys.get(key);
  return found && { text: found.text, label: `${key} (${found.label})` };
}

interface Form<T> {
  parse(text: string): T | undefined;
  /** What the text must be, in the words that follow its name. */
  rule(text: string): string;
}

const regionForm: Form<string> = {
  parse: (text) => (isRegion(text) ? text : undefined),
  rule: () => 'must be a region name such as eu-central-1',
};
const endpointForm: Form<string> = {
  parse: (text) => (findEndpointProblem(text) === undefined ? text : undefined),
  rule: (text) => findEndpointProblem(text) ?? '',
};
const booleanForm: Form<boolean> = {
  parse: (text) => (/^(true|false)$/i.test(text) ? readBoolean(text) : undefined),
  rule: () => 'must be true or false',
};
const countForm: Form<number> = {
  parse: (text) => (/^\d+$/.test(text) && isAttemptCount(Number(text)) ? Number(text) : undefined),
  rule: () => 'must be a whole number of at least 1',
};
