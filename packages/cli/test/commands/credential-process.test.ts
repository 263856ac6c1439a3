import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listen, type Listening, type RawRequest } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { runCommandLine } from '../../src/run-command-line.js';
import { PASSPHRASE, startCloud, type Cloud } from '../cloud.js';
import { recordedIo } from '../recorded-io.js';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

const runWith = async (env: Readonly<Record<string, string>>, ...args: readonly string[]) => {
  const io = recordedIo(env);
  const exitCode = await runCommandLine(['credential-process', ...args], io);
  return { exitCode, ...io.written };
};
const run = (...args: readonly string[]) => runWith({}, ...args);
/** With the ordinary identity, at the emulator. */
const runThere = (...args: readonly string[]) =>
  run(
    '--certificate',
    cloud.files.certificate,
    '--private-key',
    cloud.files.privateKey,
    ...cloud.place,
    ...args,
  );

/** What is on stderr, once its form has been checked. */
const failureOf = async (...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await run(...args);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^rolesanywhere: [^\n]+\n$/);
  return stderr;
};
const identity = (certificate: string, privateKey: string) =>
  ['--certificate', certificate, '--private-key', privateKey].concat(cloud.place);

/** The access key that was printed, as the emulator knows it. */
const sessionOf = (stdout: string) => {
  const [, accessKeyId = ''] = /"AccessKeyId":"(\w+)"/.exec(stdout) ?? [];
  return cloud.emulator.findSession(accessKeyId);
};

describe('a session', () => {
  test('is printed in the bytes of aws_signing_helper, with the account last', async () => {
    const { exitCode, stdout, stderr } = await runThere();
    const session = sessionOf(stdout);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      `{"Version":1,"AccessKeyId":"${session?.accessKeyId}","SecretAccessKey":"${session?.secretAccessKey}",` +
        `"SessionToken":"${session?.sessionToken}","Expiration":"${session?.expiration.toISOString().slice(0, 19)}Z",` +
        `"AccountId":"111122223333"}`,
    );
    expect(session?.assumedRoleArn).toBe('arn:aws:sts::111122223333:assumed-role/ExampleRole/1234');
  });

  test('lasts as long as the profile says when no duration is given', async () => {
    const { stdout } = await runThere();
    const seconds = ((sessionOf(stdout)?.expiration.getTime() ?? 0) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(7190);
    expect(seconds).toBeLessThanOrEqual(7200);
  });

  test('lasts as long as --session-duration says', async () => {
    const { stdout } = await runThere('--session-duration', '900');
    const seconds = ((sessionOf(stdout)?.expiration.getTime() ?? 0) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(890);
    expect(seconds).toBeLessThanOrEqual(900);
  });

  test('is named by --role-session-name', async () => {
    const { stdout } = await runThere('--role-session-name=build-42');
    expect(sessionOf(stdout)?.assumedRoleArn).toMatch(/\/build-42$/);
  });

  test('is not named by an empty --role-session-name', async () => {
    const { stdout } = await runThere('--role-session-name', '');
    expect(sessionOf(stdout)?.assumedRoleArn).toMatch(/\/1234$/);
  });

  test('is the same with --with-proxy, in either form', async () => {
    expect((await runThere('--with-proxy')).exitCode).toBe(0);
    expect((await runThere('--with-proxy=false')).exitCode).toBe(0);
  });
});

describe('an identity', () => {
  test('may be one file with certificate and key', async () => {
    const { exitCode, stdout } = await run('--certificate', cloud.files.combined, ...cloud.place);
    expect(exitCode).toBe(0);
    expect(sessionOf(stdout)?.assumedRoleArn).toMatch(/\/1234$/);
  });

  test('may be a full-chain file, of which everything is used', async () => {
    const { fullChain, fullChainKey } = cloud.files;
    const { stdout } = await run(...identity(fullChain, fullChainKey));
    expect(sessionOf(stdout)?.assumedRoleArn).toMatch(/\/77$/);
  });

  test('may have its chain in --intermediates', async () => {
    const { fullChainLeaf, fullChainKey, intermediates } = cloud.files;
    const args = identity(fullChainLeaf, fullChainKey).concat('--intermediates', intermediates);
    const { stdout } = await run(...args);
    expect(sessionOf(stdout)?.assumedRoleArn).toMatch(/\/77$/);
  });

  test('may have an encrypted key', async () => {
    const { certificate, encryptedKey } = cloud.files;
    expect((await run(...identity(certificate, encryptedKey), '--pkcs8-password', PASSPHRASE)).exitCode).toBe(
      0,
    );
  });

  test('with a plain key works although a passphrase is given', async () => {
    expect((await runThere('--pkcs8-password', 'needless')).exitCode).toBe(0);
  });
});

describe('a failure is one line on stderr, exit code 1, nothing on stdout', () => {
  test('an encrypted key without its passphrase', async () => {
    const { certificate, encryptedKey } = cloud.files;
    expect(await failureOf(...identity(certificate, encryptedKey))).toBe(
      `rolesanywhere: The private key in ${encryptedKey} is encrypted. Give --pkcs8-password.\n`,
    );
  });

  test('a wrong passphrase, which is not repeated', async () => {
    const { certificate, encryptedKey } = cloud.files;
    const args = [...identity(certificate, encryptedKey), '--pkcs8-password', 'hunter2'];
    const stderr = await failureOf(...args);
    expect(stderr).toContain('Check --pkcs8-password');
    expect(stderr).not.toContain('hunter2');
  });

  test('a certificate file, a key file or a chain file that is not there', async () => {
    const { certificate, privateKey } = cloud.files;
    expect(await failureOf(...identity('no.crt', privateKey))).toContain('no.crt does not exist');
    expect(await failureOf(...identity(certificate, 'no.key'))).toContain('no.key does not exist');
    const args = [...identity(certificate, privateKey), '--intermediates', 'no.pem'];
    expect(await failureOf(...args)).toContain('no.pem does not exist');
  });

  test('a certificate file without the key, when no key is given', async () => {
    const { certificate } = cloud.files;
    expect(await failureOf('--certificate', certificate, ...cloud.place)).toContain('no private key');
  });

  test.each(['', 'this is not PEM\n'])('a file that holds %j', async (content) => {
    const file = join(cloud.folder, 'wrong.pem');
    writeFileSync(file, content);
    expect(await failureOf(...identity(file, cloud.files.privateKey))).toContain(file);
    expect(await failureOf(...identity(cloud.files.certificate, file))).toContain(file);
  });

  test("a key that is not the certificate's, before anything is sent", async () => {
    const before = cloud.verdicts.length;
    const args = identity(cloud.files.certificate, cloud.files.foreignKey);
    expect(await failureOf(...args)).toContain('The private key does not belong to');
    expect(cloud.verdicts).toHaveLength(before);
  });

  test("a refusal, with the service's words, the request id and what to do", async () => {
    const stderr = await failureOf(...identity(cloud.files.foreignCertificate, cloud.files.foreignKey));
    expect(stderr).toContain('Untrusted signing certificate');
    expect(stderr).toMatch(/request id [0-9a-f]{8}-/);
    expect(stderr).toContain('Give the intermediates');
  });

  test('wrong ARNs, all at once, before any file is read', async () => {
    const arns = ['--trust-anchor-arn', 'x', '--profile-arn', 'y', '--role-arn', 'z'];
    const stderr = await failureOf('--certificate', 'nowhere', ...arns);
    for (const flag of ['--trust-anchor-arn', '--profile-arn', '--role-arn']) expect(stderr).toContain(flag);
  });

  test('an endpoint that is no URL', async () => {
    const args = identity(cloud.files.certificate, cloud.files.privateKey);
    expect(await failureOf(...args, '--endpoint', ':::')).toContain('--endpoint is not a URL');
  });

  test('an endpoint where nobody listens', async () => {
    const args = identity(cloud.files.certificate, cloud.files.privateKey);
    expect(await failureOf(...args, '--endpoint', 'http://127.0.0.1:1')).toContain('did not reach 127.0.0.1');
  });

  test('flags that exclude each other', async () => {
    expect(await failureOf('--certificate', 'a', '--cert-selector', 'b')).toBe(
      'rolesanywhere: --certificate cannot be combined with --cert-selector; leave one of them out (rolesanywhere help credential-process)\n',
    );
  });
});

describe('--debug', () => {
  test('says on stderr what is done, and no secret', async () => {
    const { exitCode, stdout, stderr } = await runThere('--debug', '--pkcs8-password', 'needless');
    const session = sessionOf(stdout);
    expect(exitCode).toBe(0);
    expect(
      stderr
        .split('\n')
        .slice(0, -1)
        .every((line) => line.startsWith('rolesanywhere: debug: ')),
    ).toBe(true);
    expect(stderr).toContain(cloud.files.certificate);
    expect(stderr).toContain('serial number 0x1234');
    expect(stderr).toContain('CreateSession answered 201');
    expect(stderr).toContain(session?.assumedRoleArn);
    const keyLines = readFileSync(cloud.files.privateKey, 'utf8').split('\n').slice(1, 3);
    const secrets = [session?.secretAccessKey, session?.sessionToken, 'needless', ...keyLines];
    for (const secret of secrets) expect(stderr).not.toContain(secret);
  });
});

describe('--no-verify-ssl', () => {
  test('accepts a TLS certificate that nobody vouches for, with one warning', async () => {
    const authority = await issueCertificateAuthority({
      subject: 'CN=127.0.0.1',
      keyAlgorithm: { type: 'EC' },
    });
    const tls = { key: authority.privateKeyPem, cert: authority.certificatePem };
    const { url, close } = await cloud.emulator.listen({ tls });
    try {
      const strict = await runThere('--endpoint', url);
      expect([strict.exitCode, strict.stdout]).toEqual([1, '']);
      const lenient = await runThere('--endpoint', url, '--no-verify-ssl');
      expect(lenient.exitCode).toBe(0);
      expect(lenient.stderr).toMatch(/^rolesanywhere: warning: --no-verify-ssl[^\n]+\n$/);
      expect(sessionOf(lenient.stdout)).toBeDefined();
    } finally {
      await close();
    }
  });
});

describe('AWS_CA_BUNDLE', () => {
  test('names the CAs that vouch for the endpoint', async () => {
    const authority = await issueCertificateAuthority({
      subject: 'CN=Inspecting proxy',
      keyAlgorithm: { type: 'EC' },
    });
    const server = await issueCertificate({
      subject: 'CN=localhost',
      issuer: authority,
      keyAlgorithm: { type: 'EC' },
      extendedKeyUsage: 'absent',
      subjectAlternativeName: [{ type: 'dns', value: 'localhost' }],
    });
    const bundle = join(cloud.folder, 'ca bundle.pem');
    writeFileSync(bundle, authority.certificatePem);
    const { url, close } = await cloud.emulator.listen({
      tls: { key: server.privateKeyPem, cert: server.certificatePem },
    });
    const flags = identity(cloud.files.certificate, cloud.files.privateKey);
    const endpoint = ['--endpoint', url.replace('127.0.0.1', 'localhost')];
    try {
      expect((await run(...flags, ...endpoint)).stderr).toContain(
        'set AWS_CA_BUNDLE to the file with its CA',
      );
      const { exitCode, stderr } = await runWith({ AWS_CA_BUNDLE: bundle }, ...flags, ...endpoint);
      expect([exitCode, stderr]).toEqual([0, '']);
    } finally {
      await close();
    }
  });

  test('that cannot be read is named', async () => {
    const flags = identity(cloud.files.certificate, cloud.files.privateKey);
    const { exitCode, stderr } = await runWith({ AWS_CA_BUNDLE: '/nowhere/ca.pem' }, ...flags);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^rolesanywhere: AWS_CA_BUNDLE names \/nowhere\/ca\.pem[^\n]*\n$/);
  });
});

describe('what is sent', () => {
  const requests: RawRequest[] = [];
  let server: Listening;
  beforeAll(async () => {
    server = await listen(async (request) => {
      requests.push(request);
      return { status: 403, headers: {}, body: '{"message":"Certificate revoked"}' };
    });
  });
  afterAll(() => server.close());
  const sentWith = async (...args: readonly string[]) => {
    await runThere('--endpoint', server.url, ...args);
    const { body, rawHeaders, target } = requests.at(-1) ?? {
      body: new Uint8Array(),
      rawHeaders: [],
      target: '',
    };
    const headers = rawHeaders.map((header) => header.join(': ')).join('\n');
    return { body: new TextDecoder().decode(body), headers, target };
  };

  test('holds the members that were given and no others', async () => {
    expect((await sentWith()).body).toBe('{}');
    expect((await sentWith('--session-duration', '900', '--role-session-name', 'me')).body).toBe(
      '{"durationSeconds":900,"roleSessionName":"me"}',
    );
  });

  test("is signed for the region of the trust anchor's ARN", async () => {
    expect((await sentWith()).headers).toContain('/us-east-1/rolesanywhere/aws4_request');
  });

  test('is signed for --region when that is given', async () => {
    expect((await sentWith('--region', 'eu-west-1')).headers).toContain('/eu-west-1/rolesanywhere/');
  });

  test('goes below the path of --endpoint', async () => {
    expect((await sentWith('--endpoint', `${server.url}/base/`)).target).toMatch(/^\/base\/sessions\?/);
  });
});
