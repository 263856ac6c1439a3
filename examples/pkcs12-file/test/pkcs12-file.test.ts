import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { type AwsWorld, startAwsWorld } from '../../../tools/test-support/aws-world.js';
import { runCleanly } from '../../../tools/test-support/real-parts.js';
import { compileExample, runExample } from '../../../tools/test-support/run-example.js';

const folder = mkdtempSync(join(tmpdir(), 'pkcs12 file '));
let world: AwsWorld;

beforeAll(async () => {
  await compileExample('pkcs12-file', ['identity-pkcs12']);
  const issuer = await issueCertificateAuthority({ subject: 'CN=Example CA' });
  const server = await issueCertificate({ subject: 'CN=server', issuer });
  writeFileSync(join(folder, 'server.pem'), server.privateKeyPem + server.certificatePem);
  const options = ['-in', 'server.pem', '-passout', 'pass:secret', '-out', 'server.p12'];
  await runCleanly(['openssl', 'pkcs12', '-export', ...options], { cwd: folder });
  writeFileSync(join(folder, 'objeto.txt'), '¡Hola!\n');
  world = await startAwsWorld({ trustAnchorPem: issuer.certificatePem });
}, 180_000);

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

test('uploads the file with the key in server.p12', async () => {
  const env = { ...world.env, PKCS12_PASSPHRASE: 'secret' };
  expect(await runExample('pkcs12-file', { cwd: folder, env })).toEqual({
    exitCode: 0,
    stdout: 'objeto.txt is now s3://your-bucket/objeto.txt\n',
    stderr: '',
  });
  expect(await world.read('objeto.txt')).toBe('¡Hola!\n');
});

test('says that the passphrase is wrong', async () => {
  const env = { ...world.env, PKCS12_PASSPHRASE: 'another' };
  const { exitCode, stderr } = await runExample('pkcs12-file', { cwd: folder, env });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('PASSPHRASE_WRONG');
  expect(stderr).not.toContain('another');
});
