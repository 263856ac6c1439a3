import { join } from 'node:path';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { parseCertificate } from '@rolesanywhere/pki';
import { installAsStranger, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { readVectors, requestOf, signingDateOf, type Vector } from '../test/support/vectors.js';

const PROGRAM = `
import { readFileSync } from 'node:fs';
import { fromPem, signRequest } from '@rolesanywhere/signer';
const sign = async ({ request, pem, region, signingDate }) => {
  try {
    const identity = await fromPem(pem)();
    const signed = await signRequest(request, { identity, region, signingDate: new Date(signingDate) });
    return signed.headers.authorization;
  } catch ({ code, message }) {
    return code + ': ' + message;
  }
};
const orders = JSON.parse(readFileSync('orders.json', 'utf8'));
console.log(JSON.stringify(await Promise.all(orders.map(sign))));
`;

/** Those whose key and certificate are ML-DSA. */
const vectors = readVectors().filter(({ expected }) => expected.algorithm === 'AWS4-X509-MLDSA');
const orders = vectors.map((vector) => {
  const { certificatePem, privateKeyPem, privateKeyPassphrase, chainPem, region } = vector.inputs;
  const chain = chainPem.length === 0 ? {} : { chain: chainPem.join('') };
  const pem = { certificate: certificatePem, privateKey: privateKeyPem, passphrase: privateKeyPassphrase };
  return {
    request: requestOf(vector),
    pem: { ...pem, ...chain },
    region,
    signingDate: signingDateOf(vector),
  };
});
const LIBRARY: Readonly<Record<string, typeof ml_dsa44>> = {
  '2.16.840.1.101.3.4.3.17': ml_dsa44,
  '2.16.840.1.101.3.4.3.18': ml_dsa65,
  '2.16.840.1.101.3.4.3.19': ml_dsa87,
};

/** Verified by a library that was not there when it was signed. */
function isRight({ inputs, expected }: Vector, authorization: string): boolean {
  const { oid, spki } = parseCertificate(inputs.certificatePem).publicKey;
  const signature = Buffer.from(authorization.split('Signature=')[1] ?? '', 'hex');
  return LIBRARY[oid]?.verify(signature, Buffer.from(expected.stringToSign), spki.subarray(22)) ?? false;
}

describe('the packed signer without @noble/post-quantum', () => {
  let stranger: Awaited<ReturnType<typeof installAsStranger>>;
  beforeAll(async () => {
    const files = { 'sign.mjs': PROGRAM, 'orders.json': JSON.stringify(orders) };
    stranger = await installAsStranger(['signer'], { files });
  }, 300_000);
  afterAll(() => stranger.remove());

  const signIn = async (version: string): Promise<readonly string[]> => {
    const node = join(realPart('REAL_NODES') ?? '', 'node_modules', `n${version}`, 'bin', 'node');
    const run = await runCleanly([node, 'sign.mjs'], { cwd: stranger.folder });
    expect(run.stderr).toBe('');
    return JSON.parse(run.stdout) as string[];
  };

  testWith('REAL_NODES').each(['24', '26'])('signs with ML-DSA in Node %s by OpenSSL', async (version) => {
    const signed = await signIn(version);
    const verdicts = vectors.map((vector, index) => [vector.name, isRight(vector, signed[index] ?? '')]);
    expect(verdicts).toEqual(vectors.map(({ name }) => [name, true]));
  });

  testWith('REAL_NODES').each(['20', '22'])('says in Node %s what to install', async (version) => {
    const told = await signIn(version);
    expect(told).toHaveLength(vectors.length);
    for (const text of told)
      expect(text).toMatch(
        /^KEY_UNSUPPORTED: The private key in `privateKey` is an ML-DSA-\d\d key.* npm install @noble\/post-quantum/,
      );
  });
});

/** Signs as before, and says how many threads there are then. */
const THREADS = `${PROGRAM}
console.error(globalThis.process.report?.getReport().workers?.length ?? 'not told');
`;

describe('the packed signer beside @noble/post-quantum', () => {
  let stranger: Awaited<ReturnType<typeof installAsStranger>>;
  beforeAll(async () => {
    const files = { 'sign.mjs': THREADS, 'orders.json': JSON.stringify(orders) };
    const dependencies = { '@noble/post-quantum': '0.7.1' };
    stranger = await installAsStranger(['signer'], { files, dependencies });
  }, 300_000);
  afterAll(() => stranger.remove());

  const expectRight = (stdout: string): void => {
    const signed = JSON.parse(stdout) as string[];
    const verdicts = vectors.map((vector, index) => [vector.name, isRight(vector, signed[index] ?? '')]);
    expect(verdicts).toEqual(vectors.map(({ name }) => [name, true]));
  };

  testWith('REAL_NODES').each(['20', '22'])('signs in Node %s in a thread, and ends', async (version) => {
    const node = join(realPart('REAL_NODES') ?? '', 'node_modules', `n${version}`, 'bin', 'node');
    const run = await runCleanly([node, 'sign.mjs'], { cwd: stranger.folder });
    expect([run.exitCode, run.stderr.trim()]).toEqual([0, '1']);
    expectRight(run.stdout);
  });

  testWith('REAL_NODES')('signs in Node 22 on the loop, where threads are not allowed', async () => {
    const node = join(realPart('REAL_NODES') ?? '', 'node_modules', 'n22', 'bin', 'node');
    const flags = ['--permission', '--allow-fs-read=*', '--disable-warning=SecurityWarning'] as const;
    const run = await runCleanly([node, ...flags, 'sign.mjs'], { cwd: stranger.folder });
    expectRight(run.stdout);
  });

  testWith('REAL_RUNTIMES').each([
    ['Bun', ['bun', 'sign.mjs']],
    ['Deno', ['deno', 'run', '--allow-all', 'sign.mjs']],
  ] as const)('signs in %s, and ends', async (_, [program, ...args]) => {
    const path = join(realPart('REAL_RUNTIMES') ?? '', program);
    const run = await runCleanly([path, ...args], { cwd: stranger.folder });
    expect(run.exitCode).toBe(0);
    expectRight(run.stdout);
  });
});
