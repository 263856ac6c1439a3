import { findArnProblem, parseArn, type Arn, type ExpectedResource } from './arn.js';
import { isIdentity } from './is-identity.js';
import type { Problem } from './problem.js';
import type { PlacedSetting, SettingName } from './source.js';
import { UnusableValue } from './unusable-value.js';

type Settings = ReadonlyMap<SettingName, PlacedSetting>;

/** How a setting can be given, in the words that follow a request for it. */
export type Ways = Readonly<Partial<Record<SettingName, string>>>;

const resources: readonly (readonly [SettingName, ExpectedResource])[] = [
  ['trustAnchorArn', { service: 'rolesanywhere', type: 'trust-anchor' }],
  ['profileArn', { service: 'rolesanywhere', type: 'profile' }],
  ['roleArn', { service: 'iam', type: 'role' }],
];

/**
 * Every mistake in the merged settings, in the order of {@link CreateSessionInput}; empty when they can be sent.
 * @see IAM Roles Anywhere User Guide, "CreateSession": members and limits
 */
export function findSettingProblems(settings: Settings, ways: Ways = {}): readonly Problem[] {
  return [
    ...resources.flatMap(([name, resource]) => {
      const setting = settings.get(name);
      return setting === undefined
        ? [invalid(`${name} is missing; give the ARN of the ${resource.type}${wayTo(ways, name)}`)]
        : findResourceProblem(setting, resource);
    }),
    ...findDisagreements(settings),
    ...findIdentityProblem(settings.get('identity'), ways),
    ...findDurationProblem(settings.get('durationSeconds')),
    ...findSessionNameProblem(settings.get('roleSessionName')),
    ...findPropertiesProblem(settings.get('instanceProperties')),
  ];
}

function findResourceProblem(setting: PlacedSetting, resource: ExpectedResource): readonly Problem[] {
  if (typeof setting.value !== 'string') {
    return [{ code: 'INVALID_OPTION', message: `${setting.label} must be a string` }];
  }
  const problem = findArnProblem(setting.value, resource);
  if (problem === undefined) return [];
  // What is no ARN is not repeated: it may be anything, a key pasted into the wrong field included.
  const shown = setting.value.startsWith('arn:') ? ` '${setting.value.slice(0, 200)}'` : '';
  return [{ code: 'INVALID_ARN', message: `${setting.label}${shown} ${problem}` }];
}

/** The service looks the profile up in the trust anchor's region and account, and a role in their partition. */
function findDisagreements(settings: Settings): readonly Problem[] {
  const [anchor, profile, role] = resources.map(([name, resource]) => validArn(settings.get(name), resource));
  const problems: Problem[] = [];
  if (anchor && profile && anchor.region !== profile.region) {
    const regions = `${anchor.region} and ${profile.region}`;
    problems.push({
      code: 'REGION_MISMATCH',
      message: `trustAnchorArn and profileArn are in different regions (${regions}); use a profile of the trust anchor's region`,
    });
  }
  if (anchor && profile && anchor.accountId !== profile.accountId) {
    const accounts = `${anchor.accountId} and ${profile.accountId}`;
    problems.push({
      code: 'INVALID_ARN',
      message: `trustAnchorArn and profileArn are in different accounts (${accounts}); use a profile of the trust anchor's account`,
    });
  }
  const partitions = new Set([anchor, profile, role].flatMap((arn) => (arn ? [arn.partition] : [])));
  if (partitions.size > 1) {
    problems.push({
      code: 'INVALID_ARN',
      message: `the ARNs are in different partitions (${[...partitions].join(', ')}); all three must be in the same one`,
    });
  }
  return problems;
}

function validArn(setting: PlacedSetting | undefined, resource: ExpectedResource): Arn | undefined {
  if (typeof setting?.value !== 'string') return undefined;
  return findArnProblem(setting.value, resource) === undefined ? parseArn(setting.value) : undefined;
}

function findIdentityProblem(setting: PlacedSetting | undefined, ways: Ways): readonly Problem[] {
  if (setting === undefined) {
    const way = wayTo(ways, 'identity');
    return [
      invalid(`identity is missing; give one, such as fromPemFiles({ certificate, privateKey })${way}`),
    ];
  }
  const { value, label } = setting;
  if (value instanceof UnusableValue) return value.problems;
  if (typeof value === 'function' || isIdentity(value)) return [];
  return [invalid(`${label} must be an X509Identity or a function that gives one, such as fromPemFiles(…)`)];
}

function findDurationProblem(setting: PlacedSetting | undefined): readonly Problem[] {
  if (setting === undefined) return [];
  const { value, label } = setting;
  if (Number.isInteger(value) && Number(value) >= 900 && Number(value) <= 43_200) return [];
  return [invalid(`${label} must be a whole number from 900 to 43200`)];
}

function findSessionNameProblem(setting: PlacedSetting | undefined): readonly Problem[] {
  if (setting === undefined) return [];
  const { value, label } = setting;
  if (typeof value === 'string' && /^[\w=,.@+-]{2,64}$/.test(value)) return [];
  return [invalid(`${label} must be 2 to 64 characters of A-Z a-z 0-9 _ = , . @ + -`)];
}

function findPropertiesProblem(setting: PlacedSetting | undefined): readonly Problem[] {
  if (setting === undefined) return [];
  const { value, label } = setting;
  const rule = 'must be an object of at most 50 strings; names and values have 1 to 200 characters';
  if (typeof value !== 'object' || value === null) return [invalid(`${label} ${rule}`)];
  const entries = Object.entries(value);
  if (entries.length <= 50 && entries.every((entry) => entry.every(isPropertyText))) return [];
  return [invalid(`${label} ${rule}`)];
}

function isPropertyText(text: unknown): boolean {
  return typeof text === 'string' && text.length >= 1 && text.length <= 200;
}

function wayTo(ways: Ways, name: SettingName): string {
  const way = ways[name];
  return way === undefined ? '' : `, ${way}`;
}

function invalid(message: string): Problem {
  return { code: 'INVALID_OPTION', message };
}
