import { refuseKeySource } from './flag-names.js';
import type { Problem } from './problem.js';
import type { PlacedText, TextName, TextSource } from './text-source.js';
import { UnusableValue } from './unusable-value.js';

/** Certificate and key as they were configured: all of them paths, or all of them PEM texts. */
export interface IdentityMaterial {
  readonly form: 'paths' | 'texts';
  readonly certificate: string;
  readonly privateKey?: string | undefined;
  readonly chain?: string | undefined;
  readonly passphrase?: string | undefined;
  /** Path of a file that holds the passphrase. */
  readonly passphraseFile?: string | undefined;
}

/** Where the identity comes from: one place, never a mixture of two. */
export interface PlacedMaterial {
  readonly place: string;
  readonly value: IdentityMaterial | UnusableValue;
}

const parts = ['certificate', 'privateKey', 'chain'] as const satisfies readonly TextName[];

/**
 * Certificate, key and chain of the first source that names any of them, together: a key of one place would hardly ever
 * belong to a certificate of another. The passphrase is looked for by itself, so that it need not stand beside the path.
 */
export function findIdentityMaterial(sources: readonly TextSource[]): PlacedMaterial | undefined {
  const source = sources.find(
    ({ texts, identityProblems }) => parts.some((part) => texts.has(part)) || identityProblems.length > 0,
  );
  if (source === undefined) return undefined;
  const { texts } = source;
  const given = parts.flatMap((part) => texts.get(part) ?? []);
  const passphrases = sources.find(({ texts: all }) => all.has('passphrase') || all.has('passphraseFile'));
  const passphrase = passphrases?.texts.get('passphrase');
  const passphraseFile = passphrases?.texts.get('passphraseFile');
  const certificate = texts.get('certificate');
  const problems = [
    ...source.identityProblems,
    ...given.flatMap(findKeySourceProblem),
    ...findFormProblem(given),
    ...findPassphraseProblem(passphrase, passphraseFile),
  ];
  if (certificate === undefined && source.identityProblems.length === 0) problems.push(missing(given));
  if (certificate === undefined || problems.length > 0) {
    return { place: source.place, value: new UnusableValue(problems) };
  }
  const value = {
    form: isPem(certificate.text) ? 'texts' : 'paths',
    certificate: plain(certificate.text),
    privateKey: plain(texts.get('privateKey')?.text),
    chain: plain(texts.get('chain')?.text),
    passphrase: passphrase?.text,
    passphraseFile: passphraseFile?.text,
  } as const;
  return { place: source.place, value };
}

/** True when both would give the same identity, so that the one that is loaded can go on. */
export function isSameMaterial(one: IdentityMaterial, other: IdentityMaterial): boolean {
  const names = ['form', 'certificate', 'privateKey', 'chain', 'passphrase', 'passphraseFile'] as const;
  return names.every((name) => one[name] === other[name]);
}

function isPem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

/** A PEM text on one line, as files of variables hold it, has its line ends written as `\n`. */
function plain<T extends string | undefined>(text: T): T | string {
  return text === undefined || !isPem(text) ? text : text.replaceAll(String.raw`\n`, '\n');
}

function findKeySourceProblem({ text, label }: PlacedText): readonly Problem[] {
  const refusal = refuseKeySource(text);
  return refusal === undefined ? [] : [invalid(`${label} cannot be honoured: ${refusal}`)];
}

function findFormProblem(given: readonly PlacedText[]): readonly Problem[] {
  const texts = given.filter(({ text }) => isPem(text)).length;
  if (texts === 0 || texts === given.length) return [];
  return [invalid(`${labels(given)} must all be paths, or all be PEM texts`)];
}

function findPassphraseProblem(
  passphrase: PlacedText | undefined,
  file: PlacedText | undefined,
): readonly Problem[] {
  if (passphrase === undefined || file === undefined) return [];
  return [invalid(`${labels([passphrase, file])} exclude each other; keep the file`)];
}

function missing(given: readonly PlacedText[]): Problem {
  return invalid(`certificate is missing beside ${labels(given)}; name it in the same place`);
}

function labels(given: readonly PlacedText[]): string {
  return given.map(({ label }) => label).join(' and ');
}

function invalid(message: string): Problem {
  return { code: 'INVALID_OPTION', message };
}
