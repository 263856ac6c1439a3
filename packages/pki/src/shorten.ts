const LONGEST = 120;

/** At most 120 characters and no control characters, so that a hostile name neither floods nor forges a log. */
export function shorten(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return short.replaceAll(
    /\p{Cc}/gu,
    (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
