import type { X509Identity, X509IdentityProvider } from '@rolesanywhere/signer';
import type { CreateSessionInput } from './create-session-input.js';

/** What a session is bought with: the request's members and the identity that signs it. */
export interface SessionSettings extends CreateSessionInput {
  readonly identity: X509Identity | X509IdentityProvider;
}

/** The names of all settings a source may give. */
const settingNames = [
  'trustAnchorArn',
  'profileArn',
  'roleArn',
  'identity',
  'durationSeconds',
  'roleSessionName',
  'instanceProperties',
] as const satisfies readonly (keyof SessionSettings)[];

/** The name of one setting. */
export type SettingName = (typeof settingNames)[number];

/** A place that settings come from. Values are unknown until they are checked: a caller may be plain JavaScript. */
export interface SettingsSource {
  /** Names the place in messages, such as `options`. */
  readonly place: string;
  readonly values: Readonly<Partial<Record<SettingName, unknown>>>;
  /** What messages call a setting. Default: its name and the place, such as `roleArn (options)`. */
  readonly labels?: Readonly<Partial<Record<SettingName, string>>>;
}

/** A setting together with what messages call it, such as `roleArn (options)`. */
export interface PlacedSetting {
  readonly value: unknown;
  readonly label: string;
}

/** For each setting that any source gives, the first source's value. Earlier sources win, field by field. */
export function mergeSources(sources: readonly SettingsSource[]): ReadonlyMap<SettingName, PlacedSetting> {
  const merged = new Map<SettingName, PlacedSetting>();
  for (const { place, values, labels } of sources) {
    for (const name of settingNames) {
      const value = values[name];
      if (value !== undefined && !merged.has(name)) {
        merged.set(name, { value, label: labels?.[name] ?? `${name} (${place})` });
      }
    }
  }
  return merged;
}
