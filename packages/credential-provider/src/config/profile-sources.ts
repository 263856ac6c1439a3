import { readCredentialProcess } from './credential-process-source.js';
import { runsOnWindows } from './environment.js';
import { blockMeanings } from './flag-names.js';
import { readNamedTexts } from './named-texts.js';
import { readBlock, type SharedProfile } from './shared-config.js';
import { splitPosixCommand, splitWindowsCommand } from './split-command.js';
import type { TextSource } from './text-source.js';

/**
 * What a profile says about IAM Roles Anywhere: its `rolesanywhere` block first, then the `credential_process` line of
 * `aws_signing_helper`. The names in the block are those of the helper's flags, with `-` or `_`.
 */
export function readProfileSources(profile: SharedProfile): readonly TextSource[] {
  const sources: TextSource[] = [];
  const block = [...readBlock(profile.keys, 'rolesanywhere')];
  const [first] = block;
  if (first !== undefined) {
    const place = `${first[1].label}, rolesanywhere`;
    const entries = block.map(([name, { text }]) => [name.replaceAll('_', '-'), text] as const);
    sources.push(readNamedTexts(entries, { place, meanings: blockMeanings }));
  }
  const line = profile.keys.get('credential_process');
  if (line !== undefined) {
    const split = runsOnWindows() ? splitWindowsCommand : splitPosixCommand;
    const source = readCredentialProcess(line.text, `${line.label}, credential_process`, split);
    if (source !== undefined) sources.push(source);
  }
  return sources;
}
