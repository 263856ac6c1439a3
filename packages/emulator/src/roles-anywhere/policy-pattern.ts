/** Values of a request's context: condition key in lower case → its values. */
export type PolicyContext = ReadonlyMap<string, readonly string[]>;

/** One character that must be equal, or a wildcard. */
export type PatternPart = { readonly literal: string } | 'anyRun' | 'anyOne';

/**
 * Reads a value of a policy as a pattern: `*` is any run of characters, `?` any one, `${*}`, `${?}`, `${$}` are those
 * characters themselves and `${aws:SourceAccount}` the value of that condition key. A variable without exactly one value
 * gives `undefined`: such a condition matches nothing.
 *
 * @see AWS IAM User Guide, "IAM policy elements: Variables and tags"
 */
export function parsePattern(text: string, context: PolicyContext): readonly PatternPart[] | undefined {
  const parts: PatternPart[] = [];
  for (const piece of text.match(/\$\{[^}]*\}|[^]/gu) ?? []) {
    if (piece === '*') parts.push('anyRun');
    else if (piece === '?') parts.push('anyOne');
    else if (piece.length > 2 && piece.startsWith('${')) {
      const value = variableValue(piece.slice(2, -1), context);
      if (value === undefined) return undefined;
      parts.push(...literals(value));
    } else parts.push({ literal: piece });
  }
  return parts;
}

/** The same without wildcards: for operators that compare exactly. */
export function parseExact(text: string, context: PolicyContext): string | undefined {
  let unknown = false;
  const resolved = text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = variableValue(name, context);
    unknown ||= value === undefined;
    return value ?? '';
  });
  return unknown ? undefined : resolved;
}

/** Whether the whole value fits the pattern. Time is at most pattern length × value length, whatever the pattern. */
export function matchesPattern(pattern: readonly PatternPart[], value: string): boolean {
  const characters = Array.from(value);
  let at = 0;
  let next = 0;
  let runStart = -1;
  let runEnd = 0;
  while (at < characters.length) {
    const part = pattern[next];
    if (part === 'anyRun') {
      runStart = next++;
      runEnd = at;
    } else if (part === 'anyOne' || (part !== undefined && part.literal === characters[at])) {
      next++;
      at++;
    } else if (runStart >= 0) {
      // Let the last run of `*` swallow one character more, and try again behind it.
      next = runStart + 1;
      at = ++runEnd;
    } else return false;
  }
  return pattern.slice(next).every((part) => part === 'anyRun');
}

function variableValue(name: string, context: PolicyContext): string | undefined {
  if (name === '*' || name === '?' || name === '$') return name;
  const [key = '', fallback] = name.split(/\s*,\s*/, 2);
  const values = context.get(key.trim().toLowerCase());
  if (values?.length === 1) return values[0];
  return fallback === undefined ? undefined : fallback.replaceAll(/^'|'$/g, '');
}

function literals(text: string): PatternPart[] {
  return Array.from(text, (literal) => ({ literal }));
}
