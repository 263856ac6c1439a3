/** Packages that cannot be `require`d everywhere: they stay behind a real `import()`, on paths that only need them. */
export const ESM_ONLY = ['pkijs', 'asn1js'];

/**
 * The text of a `.ts` source file as the text of its `.cts` twin.
 * Relative specifiers end in `.cjs`; a lazy `import()` becomes a lazy `require`, because a dynamic import inside a
 * CommonJS file fails in Jest's default mode. A generic arrow function gets the comma that `.cts` files ask for.
 *
 * @param {string} source
 * @returns {string}
 */
export function toCommonJsSource(source) {
  return source
    .replaceAll(/(\bfrom\s+|\bimport\s+)'(\.{1,2}\/[^']+)\.js'/g, "$1'$2.cjs'")
    .replaceAll(/(?<!typeof )\bimport\('(\.{1,2}\/[^']+)\.js'\)/g, (_, path) => lazyRequire(`${path}.cjs`))
    .replaceAll(/\btypeof import\('(\.{1,2}\/[^']+)\.js'\)/g, "typeof import('$1.cjs')")
    .replaceAll(/(?<!typeof )\bimport\('([^'.][^']*)'\)/g, (whole, name) =>
      ESM_ONLY.includes(name) ? whole : lazyRequire(name),
    )
    .replaceAll(/(=\s*(?:async\s+)?<\w+)>\(/g, '$1,>(');
}

function lazyRequire(specifier) {
  return `Promise.resolve().then(() => require('${specifier}') as typeof import('${specifier}'))`;
}
