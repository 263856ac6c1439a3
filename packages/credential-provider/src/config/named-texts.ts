import { readBoolean, type FlagMeaning } from './flag-names.js';
import type { Problem } from './problem.js';
import type { PlacedText, TextName, TextSource } from './text-source.js';

/** Where named texts stand, and what the names mean there. */
export interface NamedTextsPlace {
  readonly place: string;
  readonly meanings: ReadonlyMap<string, FlagMeaning>;
}

/**
 * Makes a source of texts that have the names of flags. An empty text counts as not given, as with `aws_signing_helper`;
 * the last of several of one name wins. No message repeats a text.
 */
export function readNamedTexts(
  entries: readonly (readonly [name: string, text: string])[],
  { place, meanings }: NamedTextsPlace,
): TextSource {
  const texts = new Map<TextName, PlacedText>();
  const problems: Problem[] = [];
  const identityProblems: Problem[] = [];
  for (const [name, text] of new Map(entries)) {
    const meaning = meanings.get(name);
    const label = `${name} (${place})`;
    const off = meaning?.type === 'boolean' && readBoolean(text) === false;
    if (meaning === undefined) {
      problems.push(invalid(`${label} is not known; correct its name, or leave it out`));
    } else if (meaning.type === 'boolean' && readBoolean(text) === undefined) {
      problems.push(invalid(`${label} must be true or false`));
    } else if (text === '' || off) {
      if (meaning.name !== undefined) texts.delete(meaning.name);
    } else if (meaning.refusal !== undefined) {
      identityProblems.push(invalid(`${label} cannot be honoured: ${meaning.refusal}`));
    } else if (meaning.name !== undefined) {
      texts.set(meaning.name, { text, label });
    }
  }
  return { place, texts, problems, identityProblems };
}

function invalid(message: string): Problem {
  return { code: 'INVALID_OPTION', message };
}
