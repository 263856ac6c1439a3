/**
 * Without the spaces and tabs at both ends. `String.prototype.trim` takes away more: a no-break space would not change
 * what was signed. (Not by a regular expression: one for the end of a text takes quadratic time.)
 *
 * @see RFC 9110 section 5.6.3
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
