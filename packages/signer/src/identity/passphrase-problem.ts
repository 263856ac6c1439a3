/**
 * Says what is wrong with a passphrase that was given, whatever its form; undefined when nothing is. For sources that name all
 * problems of their options at once: begins with the name of the option, ends without a full stop.
 *
 * @param passphrase - as it was given; undefined is right
 * @param option - its name
 * @example
 * findPassphraseProblem(5, 'pin'); // '`pin` must be a string, { file: … }, …'
 */
export function findPassphraseProblem(passphrase: unknown, option: string): string | undefined {
  if (['string', 'function', 'undefined'].includes(typeof passphrase) || isPlace(passphrase))
    return undefined;
  return `\`${option}\` must be a string, { file: 'path' }, { environment: 'NAME' }, or a function that answers with a string`;
}

/** Exactly one of both: with two it would not be plain which of them holds. */
function isPlace(passphrase: unknown): boolean {
  if (typeof passphrase !== 'object' || passphrase === null) return false;
  const file: unknown = 'file' in passphrase ? passphrase.file : undefined;
  const name: unknown = 'environment' in passphrase ? passphrase.environment : undefined;
  return file === undefined ? isName(name) : name === undefined && isName(file);
}

/** No path and no variable has a NUL in its name. */
function isName(text: unknown): boolean {
  return typeof text === 'string' && text !== '' && !text.includes('\0');
}
