import { X509Certificate, verify } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmulator, type Listening } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { installAsStranger, realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';
import {
  type Vector,
  headerOf,
  readVectors,
  requestOf,
  signingDateOf,
} from '../../signer/test/support/vectors.js';
import { type DoJob, RUNTIME_FILES, jobsByProcess } from './support/runtime-jobs.js';
import {
  type Bundle,
  WORKERS,
  type WorkerName,
  type Workerd,
  bundleWorker,
  startWorkerd,
} from './support/workerd.js';

const PROGRAMS = realPart('REAL_RUNTIMES') ?? '';
const ARN = 'arn:aws:sts::111122223333:assumed-role/ExampleRole/1234';
const DENO_FLAGS = ['--no-prompt', '--no-remote', '--allow-read=.', '--allow-env', '--allow-net=127.0.0.1'];

/** Without those whose client sent more than intermediates, and without scrypt, which only OpenSSL has. */
const vectors = readVectors().filter(
  ({ name, inputs, expected }) =>
    inputs.privateKeyPem !== undefined &&
    expected.algorithm !== 'AWS4-X509-MLDSA' &&
    !/^(rsa2048-pkcs12|p256-bundle-with-root|p256-encrypted-scrypt)/.test(name),
);

function orderOf(vector: Vector): unknown {
  const { certificatePem, privateKeyPem, privateKeyPassphrase, chainPem, region } = vector.inputs;
  const chain = chainPem.length === 0 ? undefined : chainPem.join('');
  const pem = {
    certificate: certificatePem,
    privateKey: privateKeyPem,
    chain,
    passphrase: privateKeyPassphrase,
  };
  return { request: requestOf(vector), pem, region, signingDate: signingDateOf(vector) };
}

const PROCESSES = [
  { name: 'Bun', command: [join(PROGRAMS, 'bun')] },
  { name: 'Deno', command: [join(PROGRAMS, 'deno'), 'run', ...DENO_FLAGS] },
  {
    name: 'Deno that may not read the environment',
    command: [join(PROGRAMS, 'deno'), 'run', ...DENO_FLAGS.filter((flag) => flag !== '--allow-env')],
  },
] as const;

interface Signed {
  readonly canonicalRequest: string;
  readonly headers: Readonly<Record<string, string>>;
}

describe('the packed packages, in runtimes other than Node', () => {
  const emulator = createEmulator({ region: 'eu-central-1' });
  let stranger: Awaited<ReturnType<typeof installAsStranger>>;
  let listening: Listening;
  let given: unknown;

  beforeAll(async () => {
    stranger = await installAsStranger(['signer', 'credential-provider'], { files: RUNTIME_FILES });
    const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
    const { certificatePem, privateKeyPem } = await issueCertificate({
      subject: 'CN=stranger',
      issuer,
      serialNumber: 0x1234n,
      keyAlgorithm: { type: 'EC' },
    });
    const certificates = issuer.certificatePem;
    const { trustAnchorArn } = emulator.createTrustAnchor({ name: 'ca', certificates });
    const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
    const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });
    listening = await emulator.listen();
    given = {
      pem: { certificate: certificatePem, privateKey: privateKeyPem },
      arns: { trustAnchorArn, profileArn, roleArn },
      endpoint: listening.url,
    };
  }, 300_000);

  afterAll(async () => {
    await listening.close();
    stranger.remove();
  });

  const arnOf = (accessKeyId: unknown) => emulator.findSession(String(accessKeyId))?.assumedRoleArn;

  const signsAsRecorded = async (doJob: DoJob) => {
    const answers = (await doJob('sign', vectors.map(orderOf))) as readonly Signed[];
    const verdicts = vectors.map((vector, index) => verdictOn(vector, answers[index]));
    expect(verdicts).toEqual(vectors.map(({ name }) => `${name}: as recorded`));
  };

  test('are shown a recorded request of each kind of key', () => {
    expect(vectors).toHaveLength(19);
    const kinds = ['rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384', 'p521'];
    const shown = kinds.filter((kind) => vectors.some(({ name }) => name.startsWith(kind)));
    expect(shown).toEqual(kinds);
  });

  for (const { name, command } of PROCESSES) {
    const doJob: DoJob = (...order) => jobsByProcess(command, stranger.folder)(...order);
    testWith('REAL_RUNTIMES')(`sign recorded requests in ${name}`, () => signsAsRecorded(doJob));
    testWith('REAL_RUNTIMES')(`get a session in ${name}`, async () => {
      expect(arnOf(await doJob('session', given))).toBe(ARN);
    });
    testWith('REAL_RUNTIMES')(`get a session with a WebCrypto key in ${name}`, async () => {
      expect(arnOf(await doJob('sessionWithCryptoKey', given))).toBe(ARN);
    });
  }

  describe('bundled as a Worker', () => {
    let bundle: Bundle;
    let workerd: Workerd;
    beforeAll(async () => {
      bundle = await bundleWorker(stranger.folder);
      workerd = await startWorkerd(join(PROGRAMS, 'workerd'), stranger.folder);
    }, 60_000);
    afterAll(async () => {
      expect(await workerd.stop()).toBe('');
    });

    testWith('REAL_RUNTIMES')('are taken by their web side', () => {
      const sides = bundle.files.filter((file) => /(platform|transport)\/(node|web)\.js$/.test(file));
      expect(sides.map((file) => file.split('@rolesanywhere/')[1] ?? '').toSorted()).toEqual([
        'credential-provider/dist/esm/transport/web.js',
        'signer/dist/esm/platform/web.js',
      ]);
      // Both are looked for when they are wanted, and it is told when they are not there.
      expect([...new Set(bundle.imports)].toSorted()).toEqual([
        '@noble/post-quantum/ml-dsa.js',
        'node:fs/promises',
      ]);
    });

    for (const name of Object.keys(WORKERS) as WorkerName[]) {
      const doJob: DoJob = (...order) => workerd.jobs(name)(...order);
      testWith('REAL_RUNTIMES')(`find nothing of Node in a workerd Worker ${name}`, async () => {
        expect(await doJob('globals')).toEqual({ process: 'undefined', Buffer: 'undefined' });
      });
      testWith('REAL_RUNTIMES')(`sign recorded requests in a workerd Worker ${name}`, () =>
        signsAsRecorded(doJob),
      );
      testWith('REAL_RUNTIMES')(`get a session in a workerd Worker ${name}`, async () => {
        expect(arnOf(await doJob('session', given))).toBe(ARN);
      });
      testWith('REAL_RUNTIMES')(
        `get a session with a WebCrypto key in a workerd Worker ${name}`,
        async () => {
          expect(arnOf(await doJob('sessionWithCryptoKey', given))).toBe(ARN);
        },
      );
      testWith('REAL_RUNTIMES')(`share one session among requests to a workerd Worker ${name}`, async () => {
        const keys = await Promise.all([1, 2, 3].map(() => doJob('sharedProvider', given)));
        expect(new Set(keys).size).toBe(1);
        expect(arnOf(keys[0])).toBe(ARN);
      });
      testWith('REAL_RUNTIMES')(`say that there is no file in a workerd Worker ${name}`, async () => {
        expect(await doJob('missingFile')).toBe('IDENTITY_UNAVAILABLE');
      });
    }
  });
});

/** RSA signatures are compared, those of ECDSA differ each time and are verified. */
function verdictOn(vector: Vector, signed: Signed | undefined): string {
  const { name, inputs, expected } = vector;
  const recorded = headerOf(vector, 'authorization');
  const [head, hex = ''] = (signed?.headers['authorization'] ?? '').split('Signature=');
  if (signed?.canonicalRequest !== expected.canonicalRequest) return `${name}: another canonical request`;
  if (head !== recorded.split('Signature=')[0]) return `${name}: another header ${head}`;
  if (expected.deterministic && hex !== expected.signatureHex) return `${name}: another signature`;
  const { publicKey } = new X509Certificate(inputs.certificatePem);
  const message = Buffer.from(expected.stringToSign);
  const isRight = verify('sha256', message, publicKey, Buffer.from(hex, 'hex'));
  return isRight ? `${name}: as recorded` : `${name}: a wrong signature`;
}
