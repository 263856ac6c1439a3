/**
 * Options that a README does not show. What there is comes from the API report of the package, which `check-api.js`
 * holds equal to the sources: members of exported options, and of objects that a function takes directly.
 */

/** Exported types whose members a user writes. Errors are made by the packages themselves. */
const OPTIONS = /(Init|Options|Context|Input|Config|Parts|Properties|Target|Fault)$/;
const MADE_BY_US = /Error(Init|Options)$/;

/**
 * @param {{ readme: string, report: string }} texts the README and the API report of a package
 * @returns {string[]} what is missing in the block of options, the `ts` block below the heading `## Options` or
 * `## Every option`. An option that several types have must stand there as often.
 */
export function undocumentedOptions({ readme, report }) {
  const block = /^## (?:Options|Every option)\n[\s\S]*?^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1];
  if (block === undefined)
    return ['there is no `ts` block below a heading `## Options` or `## Every option`'];
  const owners = new Map();
  for (const { owner, members } of optionsIn(report)) {
    for (const member of members) owners.set(member, [...(owners.get(member) ?? []), owner]);
  }
  return [...owners]
    .map(([member, types]) => ({ member, types, times: timesShown(member, block) }))
    .filter(({ types, times }) => times < types.length)
    .map(
      ({ member, types, times }) =>
        `the option ${member} of ${types.join(', ')} is shown ${times} times there`,
    );
}

/** @returns {string[]} flags that the README does not name, and flags in its list that there are not */
export function flagFindings({ readme, flags }) {
  const known = [...flags.matchAll(/\bname: '([a-z0-9-]+)'/g)].map(([, name]) => `--${name}`);
  const listed = [...readme.matchAll(/^(--[a-z0-9-]+)/gm)].map(([, flag]) => flag);
  return [
    ...known
      .filter((flag) => !new RegExp(`${flag}(?![\\w-])`).test(readme))
      .map((flag) => `the flag ${flag} is not shown`),
    ...listed.filter((flag) => !known.includes(flag)).map((flag) => `there is no flag ${flag}`),
  ];
}

function optionsIn(report) {
  const declarations = [
    ...report.matchAll(
      /^export (interface|type|function) (\w+)([\s\S]*?)(?=^\/\/ @|^export |^```|(?![\s\S]))/gm,
    ),
  ];
  return declarations.flatMap(([, kind, name, body]) => {
    if (kind === 'function') return [{ owner: `${name}()`, members: membersIn(parametersIn(body)) }];
    return OPTIONS.test(name) && !MADE_BY_US.test(name) ? [{ owner: name, members: membersIn(body) }] : [];
  });
}

/** What stands between the first parenthesis and its partner. */
function parametersIn(signature) {
  const from = signature.indexOf('(');
  let depth = 0;
  for (let index = from; index < signature.length; index += 1) {
    if (signature[index] === '(') depth += 1;
    if (signature[index] === ')') depth -= 1;
    if (depth === 0) return signature.slice(from, index);
  }
  return signature;
}

function membersIn(code) {
  return new Set(
    [...code.matchAll(/(?:^\s+|[{;]\s*)(?:readonly )?([A-Za-z_]\w*)\??(?=:|\()/gm)].map(
      ([, member]) => member,
    ),
  );
}

/** As a key, a shorthand, a method, or a key in a comment beside the code. */
function timesShown(member, code) {
  return [...code.matchAll(new RegExp(`(?<![\\w.'"$-])${member}(?=\\s*(?::|,|\\}|\\())`, 'g'))].length;
}
