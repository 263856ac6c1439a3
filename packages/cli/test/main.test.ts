import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { bundleInto, sourcesLoadedBy } from './bundle.js';
import { startCloud, type Cloud } from './cloud.js';
import { runShell } from './run-shell.js';

let cloud: Cloud;
let program: string;
let metafile: Metafile;

beforeAll(async () => {
  cloud = await startCloud();
  const folder = join(cloud.folder, 'the program');
  mkdirSync(folder);
  ({ program, metafile } = await bundleInto(folder));
});
afterAll(() => cloud.stop());

const rolesanywhere = (rest: string) => `"${process.execPath}" "${program}" ${rest}`;
const credentialProcess = (certificate: string, privateKey: string, place = cloud.place) =>
  rolesanywhere(
    `credential-process --certificate "${certificate}" --private-key "${privateKey}" ${place.join(' ')}`,
  );

describe('as the credential_process of a shared-config profile, in a folder with a space', () => {
  test('the SDKs find credentials on stdout and nothing on stderr', async () => {
    const { certificate, privateKey } = cloud.files;
    const { exitCode, stdout, stderr } = await runShell(credentialProcess(certificate, privateKey));
    expect([exitCode, stderr]).toEqual([0, '']);
    const [, accessKeyId = ''] = /^\{"Version":1,"AccessKeyId":"(\w+)",/.exec(stdout) ?? [];
    const session = cloud.emulator.findSession(accessKeyId);
    expect(JSON.parse(stdout)).toEqual({
      Version: 1,
      AccessKeyId: session?.accessKeyId,
      SecretAccessKey: session?.secretAccessKey,
      SessionToken: session?.sessionToken,
      Expiration: session?.expiration.toISOString().replace(/\.\d+Z$/, 'Z'),
      AccountId: session?.accountId,
    });
  });

  test('a refusal is exit code 1, one line on stderr and nothing on stdout', async () => {
    const { foreignCertificate, foreignKey } = cloud.files;
    const { exitCode, stdout, stderr } = await runShell(credentialProcess(foreignCertificate, foreignKey));
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^rolesanywhere: [^\n]*Untrusted signing certificate[^\n]*\n$/);
  });

  test('without --endpoint the endpoint of the region is called, through the proxy of the environment', async () => {
    const asked: (string | undefined)[] = [];
    const proxy = createServer().on('connect', ({ url }, socket) => {
      asked.push(url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { certificate, privateKey } = cloud.files;
    const line = credentialProcess(certificate, privateKey, cloud.arns);
    const { exitCode, stdout } = await runShell(line, { HTTPS_PROXY: `http://127.0.0.1:${port}` });
    proxy.close();
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(new Set(asked)).toEqual(new Set(['rolesanywhere.us-east-1.amazonaws.com:443']));
  });
});

describe('the program', () => {
  test('ends without a stack trace when nobody reads its output', async () => {
    const { certificate, privateKey } = cloud.files;
    const { stderr } = await runShell(
      `(${credentialProcess(certificate, privateKey)}; echo "rc $?" >&2) | true`,
    );
    expect(stderr).toBe('rc 1\n');
  });

  test('prints its version', async () => {
    expect(await runShell(rolesanywhere('version'))).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  });

  test('prints the help without arguments', async () => {
    const { exitCode, stdout } = await runShell(rolesanywhere(''));
    expect([exitCode, stdout.split('\n').length > 10]).toEqual([0, true]);
  });

  test('ends with exit code 1 for an unknown command', async () => {
    expect((await runShell(rolesanywhere('nonsense'))).exitCode).toBe(1);
  });

  test('holds no client of the AWS SDK', () => {
    const sources = Object.keys(metafile.inputs);
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((source) => /@aws-sdk\/(client-|credential-provider)/.test(source))).toEqual([]);
  });

  test('loads nothing but its own few files until a command needs more', () => {
    const foreign = [...sourcesLoadedBy(/main\.js$/, metafile)].filter(
      (source) => !source.startsWith('packages/cli/'),
    );
    expect(foreign).toEqual([]);
  });

  test('loads what reads certificates without node:crypto for no command', () => {
    const loaded = [...sourcesLoadedBy(/credential-process-\w+\.js$/, metafile)];
    expect(loaded).toContain('packages/signer/src/platform/node.ts');
    expect(loaded.filter((source) => /pkijs|asn1js|post-quantum/.test(source))).toEqual([]);
  });
});
