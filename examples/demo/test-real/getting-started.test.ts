/** The guide as a reader follows it against the emulator: every block pasted in order, by either way of setting up. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { blocksOf, type Block } from '../../../tools/check-docs/documents.js';
import { makeCheckout, type Checkout } from '../../../tools/test-support/checkout.js';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { readDocument, runDocument } from '../../../tools/test-support/run-document.js';
import { startCloudFormation, type CloudFormation } from './support/cloudformation.js';
import type { Template } from './support/cloudformation-template.js';

const guide = readDocument('docs/guides/getting-started.md');
const python = (): string => join(realPart('REAL_AWS') ?? '', 'python');

const MINUTES = 240_000;
let checkout: Checkout;
let temporary: string;
let cloudFormation: CloudFormation;

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'guide-'));
  mkdirSync(join(temporary, 'home'));
  cloudFormation = await startCloudFormation({ aws: runAws, parse: parseTemplate });
});

afterAll(async () => {
  await cloudFormation.close();
  rmSync(temporary, { recursive: true, force: true });
});

beforeEach(() => {
  checkout = makeCheckout();
});

afterEach(() => checkout.remove());

describe('docs/guides/getting-started.md', () => {
  const waysOfAwsCli = [
    ['REAL_AWS', 'version 1', () => realPart('REAL_AWS') ?? ''],
    ['REAL_AWS2', 'version 2', () => dirname(realPart('REAL_AWS2') ?? '')],
  ] as const;

  for (const [part, version, programs] of waysOfAwsCli) {
    testWith(part)(
      `can be followed by copy and paste with the AWS CLI, ${version}`,
      async () => {
        expect(await follow(programs(), byAwsCli)).toEqual({ complaints: [], blocksRun: 17 });
      },
      MINUTES,
    );
  }

  testWith('REAL_AWS')(
    'can be followed with its CloudFormation template in place of steps 2 to 4',
    async () => {
      expect(await follow(realPart('REAL_AWS') ?? '', byCloudFormation)).toEqual({
        complaints: [],
        blocksRun: 14,
      });
    },
    MINUTES,
  );

  test('has no command that neither way comes past', () => {
    const untried = blocksOf(guide).filter((block) => !byAwsCli(block) && !byCloudFormation(block));
    expect(untried).toEqual([]);
  });

  testWith('REAL_AWS')('has a template in which cfn-lint finds nothing wrong', async () => {
    const lint = `import sys, cfnlint.api as api
matches = api.lint(sys.argv[1], regions=['eu-central-1'])
print('\\n'.join(f'{match.rule.id} {match.message}' for match in matches), end='')`;
    expect(await runCleanly([python(), '-c', lint, template()])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });
});

function follow(programs: string, takes: (block: Block) => boolean): ReturnType<typeof runDocument> {
  const env = {
    ...environment(),
    PATH: `${programs}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
  };
  return runDocument({ text: guide, cwd: checkout.folder, env, takes });
}

/** Nothing but what the guide itself sets decides. */
function environment(): Record<string, string> {
  return {
    TMPDIR: temporary,
    AWS_CONFIG_FILE: join(temporary, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(temporary, 'none'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function byAwsCli({ heading }: Block): boolean {
  return !/CloudFormation/.test(heading);
}

function byCloudFormation({ heading }: Block): boolean {
  return !/^[234]\. |AWS CLI made/.test(heading);
}

function template(): string {
  const [, code = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(guide) ?? [];
  return code;
}

/** By the reader that the AWS CLI itself has for templates. */
async function parseTemplate(text: string): Promise<Template> {
  const program = `import sys, json
from awscli.customizations.cloudformation.yamlhelper import yaml_parse
print(json.dumps(yaml_parse(sys.argv[1]), default=str))`;
  const { exitCode, stdout, stderr } = await runCleanly([python(), '-c', program, text]);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Template;
}

async function runAws(args: readonly string[]): Promise<Record<string, unknown>> {
  const env = {
    ...environment(),
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:8441',
    AWS_ACCESS_KEY_ID: 'administrator',
    AWS_SECRET_ACCESS_KEY: 'emulator',
  };
  const { exitCode, stdout, stderr } = await runCleanly([join(realPart('REAL_AWS') ?? '', 'aws'), ...args], {
    env,
  });
  if (exitCode !== 0) throw new Error(stderr);
  return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
}
