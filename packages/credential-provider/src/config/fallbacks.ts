import type { ClientConfig } from './client-config.js';
import type { FallbackTarget } from './fallback-target.js';
import type { Problem } from './problem.js';
import { findSettingProblems } from './setting-problems.js';
import { mergeSources, type PlacedSetting, type SessionSettings, type SettingName } from './source.js';

/** What is called, and how. */
export interface SessionTarget {
  readonly settings: SessionSettings;
  readonly clientConfig: ClientConfig;
}

const own = ['trustAnchorArn', 'profileArn', 'roleArn', 'identity'] as const satisfies readonly SettingName[];
const members: readonly string[] = [...own, 'endpoint'] satisfies readonly (keyof FallbackTarget)[];

/**
 * Every mistake in the fallbacks, each with its place; what is wrong with the first target already is not said again.
 * @param first - the merged settings of the first target, from which a fallback takes what it leaves out
 */
export function findFallbackProblems(
  fallbacks: unknown,
  first: ReadonlyMap<SettingName, PlacedSetting>,
): readonly Problem[] {
  if (fallbacks === undefined) return [];
  if (!Array.isArray(fallbacks)) return [invalid('fallbacks must be a list of targets')];
  const known = new Set(findSettingProblems(first).map(({ message }) => message));
  return fallbacks.flatMap((target: unknown, index) => {
    const place = `fallbacks[${index}]`;
    if (typeof target !== 'object' || target === null) return [invalid(`${place} must be an object`)];
    return [...findStrangers(target, place), ...findOwnProblems(target, { place, first })].filter(
      ({ message }) => !known.has(message),
    );
  });
}

interface Surroundings {
  readonly place: string;
  readonly first: ReadonlyMap<SettingName, PlacedSetting>;
}

function findOwnProblems(target: object, { place, first }: Surroundings): readonly Problem[] {
  const labels = Object.fromEntries(own.map((name) => [name, `${place}.${name}`]));
  const settings = new Map(mergeSources([{ place, values: target, labels }]));
  for (const [name, setting] of first) {
    const isOwn = name === 'trustAnchorArn' || name === 'profileArn';
    if (!isOwn && !settings.has(name)) settings.set(name, setting);
  }
  const known = new Set(findSettingProblems(first).map(({ message }) => message));
  return findSettingProblems(settings).map(({ code, message }) => ({
    code,
    message: message.includes(place) || known.has(message) ? message : `${place}: ${message}`,
  }));
}

/** A target is short enough that what stands in it without effect is a mistake. */
function findStrangers(target: object, place: string): readonly Problem[] {
  return Object.keys(target)
    .filter((name) => !members.includes(name))
    .map((name) => invalid(`${place}.${name} is no member of a fallback; it may have ${members.join(', ')}`));
}

/** The first target and its fallbacks, in the order in which they are tried. */
export function sessionTargets(
  first: SessionTarget,
  fallbacks: readonly FallbackTarget[] = [],
): readonly SessionTarget[] {
  const others = fallbacks.map(({ endpoint, ...target }): SessionTarget => {
    const given = Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined));
    return {
      settings: { ...first.settings, ...given },
      // Region and endpoint belong to the first trust anchor.
      clientConfig: { ...first.clientConfig, region: undefined, endpoint },
    };
  });
  return [first, ...others];
}

function invalid(message: string): Problem {
  return { code: 'INVALID_OPTION', message };
}
