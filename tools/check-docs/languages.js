/**
 * What is wrong with a block, by its language. `ts` compiles and `js` runs in `run-code.js`; `sh` and what it prints are
 * run by examples/demo/test-real/documents.test.ts, and looked over here.
 */
import { execFileSync } from 'node:child_process';
import { format } from 'prettier';

/** For each language what looks at a block; it throws with what is wrong. */
const CHECKS = {
  ts: () => undefined,
  js: () => undefined,
  sh: ({ code }, scripts) => checkShell(code, scripts),
  json: ({ code }) => JSON.parse(code),
  // Parses it, with the tags of CloudFormation, and throws where it cannot.
  yaml: ({ code }) => format(code, { parser: 'yaml' }),
  ini: ({ code }) => checkIni(code),
  text: checkOutput,
  console: checkOutput,
};

/**
 * @param block one of `blocksOf`
 * @param scripts the names of the scripts in the root's package.json
 * @returns {Promise<string | undefined>} what is wrong
 */
export async function faultOf(block, scripts) {
  const check = Object.hasOwn(CHECKS, block.language) ? CHECKS[block.language] : undefined;
  if (check === undefined) return `nothing checks a block in '${block.language}'`;
  if (block.notRun !== undefined && ['ts', 'js', 'json', 'yaml', 'ini'].includes(block.language)) {
    return `a block in ${block.language} can be checked, so it must not be marked as not run`;
  }
  try {
    await check(block, scripts);
    return undefined;
  } catch (error) {
    return String(error.stderr || error.message).trim();
  }
}

function checkShell(code, scripts) {
  execFileSync('bash', ['-n'], { input: code, stdio: 'pipe' });
  const named = [...code.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)].map(([, run, test]) => run ?? test);
  const unknown = named.filter((name) => !scripts.includes(name));
  if (unknown.length > 0) throw new Error(`there is no script ${unknown.join(', ')}`);
}

/** As AWS reads its files: `name = value` in a section, and indented ones below a name without a value. */
function checkIni(code) {
  let section;
  let block = false;
  code.split('\n').forEach((line, index) => {
    if (/^\s*([#;].*)?$/.test(line)) return;
    const heading = /^\[([^[\]]+)\]$/.exec(line);
    if (heading) section = heading[1];
    else if (section === undefined || !isSetting(line, block)) {
      throw new Error(`line ${index + 1} is neither a section nor \`name = value\` in one: ${line}`);
    }
    block = /^[\w.-]+\s*=\s*$/.test(line) || (block && /^\s/.test(line));
  });
}

function isSetting(line, inBlock) {
  return inBlock ? /^\s*[\w.-]+\s*=/.test(line) : /^[\w.-]+\s*=/.test(line);
}

function checkOutput({ isOutput, notRun }) {
  if (isOutput || notRun !== undefined) return;
  throw new Error(
    'is no output of a `sh` block directly above; say `<!-- not run: … -->` why it is not checked',
  );
}
