/** docs/errors.md has a heading for every error code, and none for a code that is not there. */

/**
 * @param {{ sources: string[], page: string }} texts the sources that list the codes, and the page
 * @returns {string[]} codes without a heading and headings without a code
 */
export function errorCodesWithoutHeading({ sources, page }) {
  const codes = sources.flatMap((text) => [...text.matchAll(/'([A-Z][A-Z_]{3,})'/g)].map(([, code]) => code));
  const headings = [...page.matchAll(/^## ([A-Z_]+)$/gm)].map(([, heading]) => heading);
  return [
    ...codes.filter((code) => !headings.includes(code)).map((code) => `no heading for ${code}`),
    ...headings.filter((heading) => !codes.includes(heading)).map((heading) => `${heading} is no code`),
  ];
}
