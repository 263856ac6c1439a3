import type { SettingName, SettingsSource } from './source.js';
import type { TextName, TextSource } from './text-source.js';

const names = [
  'trustAnchorArn',
  'profileArn',
  'roleArn',
  'durationSeconds',
  'roleSessionName',
] as const satisfies readonly (SettingName & TextName)[];

/** The settings of a source of texts, each in the type that it has as an option, but for the identity. */
export function settingsFromTexts({ place, texts }: TextSource): SettingsSource {
  const found = names.flatMap((name) => {
    const placed = texts.get(name);
    return placed === undefined ? [] : [{ name, ...placed }];
  });
  return {
    place,
    values: Object.fromEntries(found.map(({ name, text }) => [name, toValue(name, text)])),
    labels: Object.fromEntries(found.map(({ name, label }) => [name, label])),
  };
}

/** What is no number stays a text, which the check refuses. */
function toValue(name: SettingName, text: string): string | number {
  return name === 'durationSeconds' && /^\d+$/.test(text) ? Number(text) : text;
}
