import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { issueCertificate } from '@rolesanywhere/pki';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { runScript } from './support/run-script.js';
import { makeAuthorities, run } from './support/soft-token.js';

const test = testWith('REAL_HSM');
const testWithNss = testWith(realPart('REAL_HSM') === undefined ? 'REAL_HSM' : 'REAL_PKI_TOOLS');
const MODULES = '/usr/lib/x86_64-linux-gnu/pkcs11';
const PIN = 'the pin of the database';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modules-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What becomes of an identity: its subject and the length of a signature, or its error. */
async function outcomeOf(init: Readonly<Record<string, unknown>>): Promise<string> {
  const body = `
    const provider = fromPkcs11(${JSON.stringify(init)});
    console.log(await provider().then(
      async ({ certificate, key }) => certificate.subject + ' ' + (await key.sign(Buffer.from('x'))).length,
      (error) => error.code + ' ' + error.message));
    await provider.close();`;
  const { exitCode, stdout } = await runScript(body, {});
  expect(exitCode).toBe(0);
  return stdout.trim();
}

describe('the module of NSS', () => {
  const init = { module: 'libsoftokn3.so', pin: PIN };

  beforeAll(async () => {
    if (realPart('REAL_PKI_TOOLS') === undefined) return;
    const path = (name: string): string => join(folder, name);
    const { issuing } = await makeAuthorities();
    const keyAlgorithm = { type: 'RSA', modulusLength: 2048 } as const;
    const issued = await issueCertificate({ subject: 'CN=nss-client', issuer: issuing, keyAlgorithm });
    writeFileSync(path('pin'), PIN);
    writeFileSync(path('both.pem'), `${issued.certificatePem}\n${issued.privateKeyPem}`);
    run('certutil', '-N', '-d', `sql:${folder}`, '-f', path('pin'));
    const bundle = ['-name', 'client', '-out', path('both.p12'), '-passout', 'pass:x'];
    run('openssl', 'pkcs12', '-export', '-in', path('both.pem'), ...bundle);
    run('pk12util', '-i', path('both.p12'), '-d', `sql:${folder}`, '-k', path('pin'), '-W', 'x');
  });

  testWithNss('signs when it is told where its database is', async () => {
    const moduleParameters = `configDir='sql:${folder}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=readOnly`;
    const certificate = 'pkcs11:token=NSS%20Certificate%20DB;object=client';
    expect(await outcomeOf({ ...init, certificate, moduleParameters })).toBe('CN=nss-client 256');
    expect(await outcomeOf({ ...init, certificate, moduleParameters, pin: 'wrong' })).toContain(
      'PASSPHRASE_WRONG',
    );
  });

  testWithNss('that is told nothing does not start, and what it wants is named', async () => {
    const outcome = await outcomeOf({ ...init, certificate: 'pkcs11:object=client' });
    expect(outcome).toContain('does not start: C_Initialize answered CKR_ARGUMENTS_BAD');
    expect(outcome).toContain('`moduleParameters`');
  });
});

describe('a module without a key', () => {
  test('because it holds the trust anchors of the machine, lists what it has', async () => {
    const init = { module: `${MODULES}/p11-kit-trust.so`, pin: '1' };
    const outcome = await outcomeOf({ ...init, certificate: 'pkcs11:token=System%20Trust;object=none' });
    expect(outcome).toContain('IDENTITY_UNAVAILABLE');
    expect(await outcomeOf({ ...init, certificate: 'pkcs11:token=none' })).toContain('System%20Trust');
  });

  test('because there is no reader, says that it sees no token', async () => {
    const init = { module: `${MODULES}/opensc-pkcs11.so`, pin: '1' };
    const outcome = await outcomeOf({ ...init, certificate: 'pkcs11:token=card' });
    expect(outcome).toContain(
      'IDENTITY_UNAVAILABLE pkcs11:token=card: no token matches; the module sees no token',
    );
  });
});
