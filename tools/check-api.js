/**
 * `node tools/check-api.js [--write]`: the public API of each published library stands in its `api.md`.
 * A change of the API is a change of that file, so a reviewer sees it; without `--write` a difference is an error.
 */
import { mkdirSync, mkdtempSync, readFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { publishedPackages } from './workspace.js';

/** api-extractor carries a compiler of its own, which reads declarations only. */
const COMPILER_OPTIONS = {
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  skipLibCheck: true,
};

const write = process.argv.includes('--write');
const work = mkdtempSync(join(tmpdir(), 'api-report-'));
const different = [];
try {
  for (const pkg of publishedPackages().filter(({ manifest }) => manifest.exports !== undefined)) {
    const report = reportOf(pkg);
    const file = join(pkg.path, 'api.md');
    if (existsSync(file) && readFileSync(file, 'utf8') === report) continue;
    if (write) writeFileSync(file, report);
    else different.push(`${pkg.folder}/api.md`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (different.length > 0) {
  console.error(`The public API differs from ${different.join(', ')}.`);
  console.error(
    'If that is meant, run `node tools/check-api.js --write` and commit the result with a changeset.',
  );
  process.exit(1);
}

function reportOf(pkg) {
  const name = pkg.name.split('/').at(-1);
  const reports = join(work, name);
  const entry = join(pkg.path, 'dist', 'esm', 'index.d.ts');
  mkdirSync(reports);
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: pkg.path,
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: reports,
        reportTempFolder: reports,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(pkg.path, 'package.json'),
  });
  const result = Extractor.invoke(config, { localBuild: true, messageCallback: keepQuiet });
  if (!result.succeeded) throw new Error(`${pkg.name}: api-extractor found ${result.errorCount} errors`);
  return readFileSync(join(reports, `${name}.api.md`), 'utf8').replaceAll('\r\n', '\n');
}

/** The report itself is the message; what would be printed is the tool's own version notice. */
function keepQuiet(message) {
  if (message.logLevel === 'error') console.error(message.text);
  message.handled = true;
}
