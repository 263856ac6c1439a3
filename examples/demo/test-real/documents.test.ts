/** The commands of every other document, run as they stand there; `getting-started.test.ts` follows that guide. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { blocksOf, continuedDocument, documents } from '../../../tools/check-docs/documents.js';
import type { AwsWorld } from '../../../tools/test-support/aws-world.js';
import { makeCheckout, type Checkout } from '../../../tools/test-support/checkout.js';
import { startPackageRegistry, type PackageRegistry } from '../../../tools/test-support/package-registry.js';
import { type RealPart, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { readDocument, runDocument } from '../../../tools/test-support/run-document.js';
import { startReadmeWorld } from './support/readme-world.js';

const MINUTES = 240_000;

/** Documents whose commands are for the root of a checkout. Readers of the others have an empty folder. */
const FOR_A_CHECKOUT = /^(README|CONTRIBUTING|docs\/protocol|vectors\/README|examples\/[^/]+\/README)\.md$/;

/** Documents that need more than the AWS CLI. */
const PARTS: Readonly<Record<string, RealPart>> = {
  'docs/guides/key-in-a-tpm.md': 'REAL_TPM',
  'docs/guides/key-in-an-hsm.md': 'REAL_HSM',
};

const commandsOf = (file: string) =>
  blocksOf(readDocument(file)).filter(({ language, notRun }) => language === 'sh' && notRun === undefined);

const documentsWithCommands = documents()
  .filter((file) => file !== 'docs/guides/getting-started.md')
  .filter((file) => commandsOf(file).length > 0);

let settingsOfNpm: string;
/** What the READMEs take for granted. */
let files: string;
let temporary: string;
let checkout: Checkout;
let registry: PackageRegistry;
let world: AwsWorld;

beforeAll(async () => {
  // The machine's own, which npm would look for below another prefix.
  settingsOfNpm = (await runCleanly(['npm', 'config', 'get', 'globalconfig'])).stdout.trim();
  files = mkdtempSync(join(tmpdir(), 'documents-'));
  [registry, world] = await Promise.all([
    startPackageRegistry(realPart('REAL_TARBALLS') ?? ''),
    startReadmeWorld(files),
  ]);
}, MINUTES);

afterAll(async () => {
  await Promise.all([registry.close(), world.close()]);
  rmSync(files, { recursive: true, force: true });
});

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'documents-'));
  mkdirSync(join(temporary, 'reader'));
  writeFileSync(join(temporary, 'reader', 'package.json'), '{"private":true}');
  checkout = makeCheckout();
  cpSync(files, checkout.folder, { recursive: true });
  writeConfig();
});

afterEach(() => {
  checkout.remove();
  rmSync(temporary, { recursive: true, force: true });
});

describe('what stands in the documents works', () => {
  for (const file of documentsWithCommands) {
    testWith(PARTS[file] ?? 'REAL_AWS')(
      file,
      async () => {
        const [text, env] = [readDocument(file), environment()];
        const cwd = FOR_A_CHECKOUT.test(file) ? checkout.folder : join(temporary, 'reader');
        const before = continuedDocument(text);
        if (before !== undefined) await runDocument({ text: readDocument(before), cwd, env });
        const run = await runDocument({ text, cwd, env });
        const blocksRun = commandsOf(file).filter(({ saveAs }) => saveAs === undefined).length;
        expect(run).toEqual({ complaints: [], blocksRun });
      },
      MINUTES,
    );
  }

  testWith('REAL_AWS')('docs/protocol.md: the program for a request of today gets a session', async () => {
    const program = commandsOf('docs/protocol.md').find(({ saveAs }) => saveAs === 'create-session.sh');
    writeFileSync(join(checkout.folder, 'create-session.sh'), program?.code ?? '');
    const { trustAnchorArn, profileArn, roleArn } = world.targets;
    const run = await runCleanly(
      [
        'sh',
        'create-session.sh',
        trustAnchorArn,
        profileArn,
        roleArn,
        'server.crt',
        'server.key',
        world.rolesAnywhereUrl,
      ],
      { cwd: checkout.folder },
    );
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({
      credentialSet: [{ roleArn, sourceIdentity: 'CN=server' }],
    });
  });
});

/** `~/.aws/config` as the README of the command line has it, with the certificate and the endpoint that are here. */
function writeConfig(): void {
  const block = blocksOf(readDocument('packages/cli/README.md')).find(({ language }) => language === 'ini');
  const config = (block?.code ?? '')
    .replaceAll('/etc/tls/', `${checkout.folder}/`)
    .replace(/^(credential_process = .*)$/m, `$1 --endpoint ${world.rolesAnywhereUrl}`);
  writeFileSync(join(temporary, 'config'), config);
}

function environment(): Record<string, string> {
  const globals = join(temporary, 'global');
  const programs = [join(globals, 'bin'), realPart('REAL_AWS') ?? '', dirname(process.execPath)];
  return {
    TMPDIR: temporary,
    PATH: [...programs, process.env['PATH'] ?? ''].join(':'),
    ...registry.env,
    // What other documents installed a moment ago need not be looked for again; our packages are on a new port each time.
    npm_config_prefer_offline: 'true',
    npm_config_prefix: globals,
    npm_config_globalconfig: settingsOfNpm,
    AWS_CONFIG_FILE: join(temporary, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(temporary, 'none'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_STS: world.awsUrl,
    AWS_ENDPOINT_URL_S3: world.awsUrl,
    AWS_ENDPOINT_URL_ROLESANYWHERE: world.rolesAnywhereUrl,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
