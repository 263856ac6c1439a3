import type { Problem } from './problem.js';

/** Everything that can be configured outside of the program, where all values are texts. */
export const textNames = [
  'trustAnchorArn',
  'profileArn',
  'roleArn',
  'certificate',
  'privateKey',
  'chain',
  'passphrase',
  'passphraseFile',
  'durationSeconds',
  'roleSessionName',
  'region',
  'endpoint',
  'noVerifySsl',
] as const;

/** The name of one setting that may be a text. */
export type TextName = (typeof textNames)[number];

/** A text, and the words that name it in messages, such as `roleArn (environment variable ROLES_ANYWHERE_ROLE_ARN)`. */
export interface PlacedText {
  readonly text: string;
  readonly label: string;
}

/** One place outside of the program: the environment, a block in a profile, a command line. */
export interface TextSource {
  /** What was looked at, for the message that says where. */
  readonly place: string;
  readonly texts: ReadonlyMap<TextName, PlacedText>;
  /** What cannot be understood there, whatever it was meant for. */
  readonly problems: readonly Problem[];
  /** What is asked for there about certificate and key that cannot be honoured. Matters only if they come from there. */
  readonly identityProblems: readonly Problem[];
}

/** The first source's text for a setting. */
export function firstText(sources: readonly TextSource[], name: TextName): PlacedText | undefined {
  return sources.find(({ texts }) => texts.has(name))?.texts.get(name);
}
