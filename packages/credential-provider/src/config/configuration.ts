import { ConfigurationError } from '@rolesanywhere/signer';
import { findCallSettings } from './call-settings.js';
import { readEnvironmentSource } from './environment-source.js';
import type { FallbackTarget } from './fallback-target.js';
import { findFallbackProblems, type SessionTarget } from './fallbacks.js';
import type { FromRolesAnywhereInit } from './from-roles-anywhere-init.js';
import { createIdentityKeeper, type IdentityKeeper } from './identity-from-material.js';
import { findIdentityMaterial } from './identity-material.js';
import { readProfileSources } from './profile-sources.js';
import type { Ways } from './setting-problems.js';
import { resolveSettings } from './settings.js';
import { settingsFromTexts } from './settings-from-texts.js';
import { loadSharedProfile, type SharedProfile } from './shared-config.js';
import { mergeSources, type SettingsSource } from './source.js';
import type { TextSource } from './text-source.js';
import { UnusableValue } from './unusable-value.js';

/** Everything a call is made with, before what the calling client adds. */
export interface Configuration extends SessionTarget {
  readonly fallbacks: readonly FallbackTarget[];
}

/** Finds the configuration anew; the profile is the calling client's, and counts when the options name none. */
export type ConfigurationFinder = (callerProfile: string | undefined) => Promise<Configuration>;

/**
 * Options, then the environment, then the profile's `rolesanywhere` block, then its `credential_process` line: field by
 * field the first that has it, certificate and key as one field.
 *
 * The finder is made once per provider and asked at every refresh. It keeps the identity for as long as the same is
 * configured, and after a mistake reads the shared files anew, so that putting it right needs no restart.
 *
 * @throws ConfigurationError from the finder, with the codes of `resolveSettings`
 */
export function createConfigurationFinder(init: FromRolesAnywhereInit): ConfigurationFinder {
  const keepIdentity = createIdentityKeeper();
  let mistaken = false;
  return async (callerProfile) => {
    const profile = await loadSharedProfile({
      profile: textOf(init.profile) ?? callerProfile,
      filepath: textOf(init.filepath),
      configFilepath: textOf(init.configFilepath),
      ignoreCache: init.ignoreCache === true || mistaken,
    });
    try {
      const found = findConfiguration(init, { profile, keepIdentity });
      mistaken = false;
      return found;
    } catch (error) {
      mistaken = error instanceof ConfigurationError;
      throw error;
    }
  };
}

interface Surroundings {
  readonly profile: SharedProfile;
  readonly keepIdentity: IdentityKeeper;
}

function findConfiguration(init: FromRolesAnywhereInit, surroundings: Surroundings): Configuration {
  const { profile, keepIdentity } = surroundings;
  const environment = readEnvironmentSource();
  const needed = init.profile !== undefined || !isComplete(init, environment);
  const texts = [environment, ...(needed ? readProfileSources(profile) : [])];
  // What is no object is reported with the other mistakes.
  const own = typeof init.clientConfig === 'object' ? (init.clientConfig ?? {}) : {};
  const call = findCallSettings(own, { sources: texts, profile });
  const sources = [
    { place: 'options', values: init },
    ...identitySource(init, { texts, keepIdentity }),
    ...texts.map(settingsFromTexts),
  ];
  const settings = resolveSettings(sources, init, {
    ofSources: texts.flatMap(({ problems }) => problems),
    ofCall: [...call.problems, ...findFallbackProblems(init.fallbacks, mergeSources(sources))],
    ways: waysToGive(profile.name),
    lookedIn: ['the options of fromRolesAnywhere()', environment.place, profile.place],
  });
  return { settings, clientConfig: call.clientConfig, fallbacks: init.fallbacks ?? [] };
}

/**
 * Whether options and environment say everything that is required. Then the profile is not asked about the session, so
 * that somebody's default profile does not meddle with a program that names its own trust anchor.
 */
function isComplete(init: FromRolesAnywhereInit, environment: TextSource): boolean {
  const found = mergeSources([{ place: '', values: init }, settingsFromTexts(environment)]);
  const identity = init.identity ?? environment.texts.get('certificate');
  return (
    identity !== undefined &&
    (['trustAnchorArn', 'profileArn', 'roleArn'] as const).every((name) => found.has(name))
  );
}

interface IdentityPlaces {
  readonly texts: readonly TextSource[];
  readonly keepIdentity: IdentityKeeper;
}

/** The identity that is configured by texts, as a source of its own; none when the options give one. */
function identitySource(
  init: FromRolesAnywhereInit,
  { texts, keepIdentity }: IdentityPlaces,
): readonly SettingsSource[] {
  const found = init.identity === undefined ? findIdentityMaterial(texts) : undefined;
  if (found === undefined) return [];
  const { place, value } = found;
  return [{ place, values: { identity: value instanceof UnusableValue ? value : keepIdentity(value) } }];
}

/** For what is missing: its variable and its name in a profile. */
function waysToGive(profile: string): Ways {
  const way = (variable: string, flag: string): string =>
    `or set ${variable}, or ${flag} in the shared-config profile ${profile}`;
  return {
    trustAnchorArn: way('ROLES_ANYWHERE_TRUST_ANCHOR_ARN', 'trust-anchor-arn'),
    profileArn: way('ROLES_ANYWHERE_PROFILE_ARN', 'profile-arn'),
    roleArn: way('ROLES_ANYWHERE_ROLE_ARN', 'role-arn'),
    identity: way('ROLES_ANYWHERE_CERTIFICATE and ROLES_ANYWHERE_PRIVATE_KEY', 'certificate and private-key'),
  };
}

/** What is no text is reported with the other mistakes. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
