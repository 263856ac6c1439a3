/**
 * `node tools/check-sources.js`: what a linter does not count.
 * A source file stays under 200 lines or says why in a line `// Long because: …`; `process` has few homes;
 * no source names a drawer (`utils`, `helpers`, `common`, `shared`, `misc`).
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root, workspacePackages } from './workspace.js';

const LIMIT = 200;
const DRAWERS = /^(utils?|helpers?|common|shared|misc|core|types)(\.ts)?$/;
const HOMES_OF_PROCESS = new Set([
  'packages/cli/src/main.ts',
  'packages/credential-provider/src/config/environment.ts',
  'packages/identity-spiffe/src/environment.ts',
  'packages/signer/src/platform/environment.ts',
]);

const findings = workspacePackages()
  .filter(({ folder }) => folder.startsWith('packages/'))
  .flatMap(({ folder }) => filesBelow(`${folder}/src`).flatMap(judge));
if (findings.length > 0) {
  console.error(findings.join('\n'));
  process.exit(1);
}

function judge(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const lines = text.split('\n').length - 1;
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  return [
    lines > LIMIT && !text.includes('// Long because: ') && `${file}: ${lines} lines; split it or say why`,
    DRAWERS.test(basename(file)) && `${file}: a name that says nothing`,
    /(?<![.\w'"`-])process\./.test(code) && !HOMES_OF_PROCESS.has(file) && `${file}: uses process`,
  ].filter((finding) => finding !== false);
}

function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}
