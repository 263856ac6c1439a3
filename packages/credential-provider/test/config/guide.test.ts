import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { createConfigurationFinder } from '../../src/config/configuration.js';
import { variables } from '../../src/config/environment-source.js';
import { blockMeanings, flagMeanings } from '../../src/config/flag-names.js';
import { rejectionOf } from '../support/options.js';
import { createSharedFiles, type SharedFiles } from '../support/shared-files.js';

const guide = readFileSync(
  fileURLToPath(new URL('../../../../docs/guides/configuration.md', import.meta.url)),
  'utf8',
);
const blocks = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

let files: SharedFiles | undefined;
afterEach(() => {
  files?.remove();
  files = undefined;
});

const [line = '', block = ''] = blocks('ini');
const [mistakes] = blocks('text');

test.each([line, block])('the profile of the guide is a complete configuration: %#', async (config) => {
  files = createSharedFiles(config);
  const { settings } = await createConfigurationFinder({ profile: 'mi-servidor' })(undefined);
  expect(settings.roleArn).toBe('arn:aws:iam::111122223333:role/uploader');
});

test('the guide names every variable, and no other', () => {
  const named = new Set(guide.match(/ROLES_ANYWHERE_[A-Z_]*[A-Z]/g));
  expect([...named].toSorted()).toEqual(Object.values(variables).toSorted());
});

test('the guide names every setting that a block and the line may have', () => {
  for (const [name] of [...blockMeanings].filter(([, meaning]) => meaning.name !== undefined))
    expect(guide).toContain(`\`${name}\``);
  for (const [name] of [...flagMeanings].filter(([, meaning]) => meaning.refusal === undefined))
    expect(guide).toContain(`\`--${name}\``);
});

test('the mistakes of the guide are told as it shows them', async () => {
  files = createSharedFiles(`${line.trim()} --session-duration 1\n`);
  files.setEnvironment({ ROLES_ANYWHERE_ROLE_ARN: 'Uploader' });
  const finder = createConfigurationFinder({ profile: 'mi-servidor' });
  const error = await rejectionOf(finder(undefined));
  const message = error instanceof Error ? error.message : '';
  expect(`${message.replace(files.configFilepath, '~/.aws/config')}\n`).toBe(mistakes);
});
