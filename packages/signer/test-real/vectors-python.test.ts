import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from '@jest/globals';
import { type Run, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';

const VECTORS = fileURLToPath(new URL('../../../vectors/', import.meta.url));

/** What a test changes of a vector. */
interface OpenVector {
  readonly inputs: Record<string, unknown>;
  readonly request: { body: string; readonly rawHeaders: [string, string][] };
  readonly expected: Record<string, unknown>;
}

/** `verify.py` does not leave its compiled form between the vectors. */
function verify(...args: readonly string[]): Promise<Run> {
  const python = join(realPart('REAL_AWS') ?? '', 'python');
  const env = { PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' };
  return runCleanly([python, join(VECTORS, 'verify.py'), ...args], { env });
}

describe('verify.py, which shares nothing with the signer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  testWith('REAL_AWS')('finds every vector right, and makes RSA signatures again', async () => {
    const { exitCode, stdout, stderr } = await verify();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(33);
    const line = /^ok {5}\S+\.json: signature verified(, and made again)?$/;
    expect(lines.filter((text) => !line.test(text))).toEqual([]);
    expect(lines.filter((text) => text.endsWith(', and made again'))).toHaveLength(11);
  });

  const changes: readonly {
    readonly what: string;
    readonly name: string;
    change(vector: OpenVector): void;
    readonly wrong: string;
  }[] = [
    {
      what: 'another body',
      name: 'rsa2048-plain',
      change: ({ request }) => (request.body = request.body.replace('3600', '3601')),
      wrong:
        'canonicalRequest, canonicalRequestSha256, stringToSign, durationSeconds, signature, signature made again',
    },
    {
      what: 'another date',
      name: 'p384-serial-2p63',
      change: ({ request }) => changeHeader(request.rawHeaders, 'X-Amz-Date', () => '20270101T000000Z'),
      wrong: 'canonicalRequest, canonicalRequestSha256, stringToSign, date, signature',
    },
    {
      what: 'another signature',
      name: 'mldsa44-plain',
      change: ({ request, expected }) => {
        const right = String(expected['signatureHex']);
        const other = (right.startsWith('00') ? '01' : '00') + right.slice(2);
        expected['signatureHex'] = other;
        changeHeader(request.rawHeaders, 'Authorization', (value) => value.replace(right, other));
      },
      wrong: 'signature',
    },
    {
      what: 'another serial number',
      name: 'p256-plain',
      change: ({ expected }) => (expected['serialDecimal'] = '2'),
      wrong: 'serialDecimal',
    },
    {
      what: 'another region among the inputs',
      name: 'p521-serial-2p64m1',
      change: ({ inputs }) => (inputs['region'] = 'eu-west-1'),
      wrong: 'region',
    },
    {
      what: 'a chain that was not sent',
      name: 'p256-plain',
      change: ({ inputs }) => (inputs['chainPem'] = [inputs['certificatePem']]),
      wrong: 'chainPem, headers that must be signed',
    },
    {
      what: 'the key of another certificate',
      name: 'rsa2048-plain',
      change: ({ inputs }) =>
        (inputs['privateKeyPem'] = readVector('rsa3072-serial-80').inputs['privateKeyPem']),
      wrong: 'signature made again',
    },
    {
      what: 'a claim about determinism that is not true',
      name: 'p256-plain',
      change: ({ expected }) => (expected['deterministic'] = true),
      wrong: 'deterministic',
    },
  ];

  testWith('REAL_AWS').each(changes)('names what is wrong with $what', async ({ name, change, wrong }) => {
    const vector = readVector(name);
    change(vector);
    const changed = mkdtempSync(join(folder, 'changed-'));
    writeFileSync(join(changed, `${name}.json`), JSON.stringify(vector));
    cpSync(join(VECTORS, 'helper', 'p256-chain-5.json'), join(changed, 'untouched.json'));
    const { exitCode, stdout } = await verify(changed);
    expect(exitCode).toBe(1);
    expect(stdout).toBe(`FAILED ${name}.json: wrong: ${wrong}\nok     untouched.json: signature verified\n`);
  });

  testWith('REAL_AWS')('goes on after a file that is no vector', async () => {
    const broken = mkdtempSync(join(folder, 'broken-'));
    writeFileSync(join(broken, 'a.json'), '{}');
    cpSync(join(VECTORS, 'helper', 'p256-plain.json'), join(broken, 'b.json'));
    const { exitCode, stdout } = await verify(broken);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^FAILED a\.json: wrong: KeyError: 'inputs'\nok {5}b\.json: signature verified\n$/,
    );
  });

  testWith('REAL_AWS')('says when a folder has no vector', async () => {
    const { exitCode, stderr } = await verify(mkdtempSync(join(folder, 'empty-')));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Name the folder that holds them.');
  });
});

function readVector(name: string): OpenVector {
  return JSON.parse(readFileSync(join(VECTORS, 'helper', `${name}.json`), 'utf8')) as OpenVector;
}

function changeHeader(headers: [string, string][], name: string, change: (value: string) => string): void {
  const header = headers.find(([candidate]) => candidate === name);
  if (header === undefined) throw new Error(`no header ${name}`);
  header[1] = change(header[1]);
}
