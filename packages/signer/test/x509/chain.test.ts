import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseCertificate } from '../../src/x509/certificate.js';
import { orderChain } from '../../src/x509/chain.js';
import { createIssuerCheck } from '../../src/x509/issuer-check.js';
import { errorOf } from '../../../../tools/test-support/error-of.js';
import { type Issued, issue, issueHierarchy } from '../support/issue.js';
import { PLATFORMS, loadSigner } from '../support/load-signer.js';
import { readVector } from '../support/vectors.js';

function read({ der }: Issued): ReturnType<typeof parseCertificate> {
  return parseCertificate(der, 'x');
}

async function order(leaf: Issued, found: readonly Issued[]): Promise<string[]> {
  const chain = await orderChain(
    await read(leaf),
    await Promise.all(found.map(read)),
    createIssuerCheck('chain.pem'),
  );
  return chain.map(({ subject, serialNumber }) => `${subject} ${serialNumber}`);
}

test('the issuer of the leaf comes first, leaf, root and duplicates go', async () => {
  const { root, chain, leaf } = issueHierarchy(3);
  const found = [root, leaf, ...chain.toReversed(), ...chain];
  expect(await order(leaf, found)).toEqual([
    'CN=Intermediate 3 1',
    'CN=Intermediate 2 1',
    'CN=Intermediate 1 1',
  ]);
});

test('nothing found is an empty chain', async () => {
  expect(await order(issueHierarchy(1).leaf, [])).toEqual([]);
});

test('five intermediates are taken, six are refused', async () => {
  const five = issueHierarchy(5);
  expect(await order(five.leaf, [...five.chain, five.root])).toHaveLength(5);
  const six = issueHierarchy(6);
  expect(await errorOf(() => order(six.leaf, six.chain))).toMatchObject({
    code: 'CHAIN_INVALID',
    message: expect.stringContaining('6 intermediate certificates are in chain.pem'),
  });
});

describe('a certificate that is not on the path is refused and named:', () => {
  const { chain, leaf, root } = issueHierarchy(2);
  const stranger = issueHierarchy(1);
  test.each([
    ['an intermediate of the same name with another key', stranger.chain],
    ['a foreign root', [issue({ subject: 'Foreign' })]],
    [
      'another leaf',
      [issue({ subject: 'sibling', ...(chain[0] && { issuer: chain[0] }), serialNumber: 'abcd' })],
    ],
    ['a chain with a gap', [root]],
  ])('%s', async (name, strange) => {
    const found = name === 'a chain with a gap' ? strange : [...chain, ...strange];
    const error = await errorOf(() => order(leaf, found));
    expect(error).toMatchObject({ code: 'CHAIN_INVALID', message: expect.stringContaining('chain.pem') });
    expect(error.message).toContain(`"CN=${strange[0]?.subject}"`);
  });
});

test('an intermediate that was signed by two roots stays twice', async () => {
  const [a, b] = [issue({ subject: 'Root A' }), issue({ subject: 'Root B' })];
  const viaA = issue({ subject: 'I', issuer: a, serialNumber: '0a' });
  const viaB = issue({ subject: 'I', issuer: b, key: viaA.key, serialNumber: '0b' });
  const leaf = issue({ subject: 'leaf', issuer: viaA });
  expect(await order(leaf, [b, viaB, a, viaA])).toEqual(['CN=I 11', 'CN=I 10']);
});

test('a rollover certificate of a root, self-issued but not self-signed, stays', async () => {
  const [old, young] = [issue({ subject: 'Root' }), issue({ subject: 'Root', serialNumber: '02' })];
  const rollover = issue({ subject: 'Root', issuer: old, key: young.key, serialNumber: '03' });
  const leaf = issue({ subject: 'leaf', issuer: young });
  expect(await order(leaf, [young, rollover, old])).toEqual(['CN=Root 3']);
});

test('certificates without key identifiers chain by name and signature', async () => {
  const root = issue({ subject: 'Root', keyIdentifiers: false });
  const issuer = issue({ subject: 'I', issuer: root, keyIdentifiers: false });
  const leaf = issue({ subject: 'leaf', issuer, keyIdentifiers: false });
  expect(await order(leaf, [root, issuer])).toEqual(['CN=I 1']);
});

test.each(PLATFORMS)(
  'an RSA leaf under an ML-DSA authority chains by names and key identifiers (%s)',
  async (platform) => {
    const { inputs } = readVector('rsa2048-under-mldsa-chain-1');
    const { signer } = await loadSigner(platform);
    const parts = { certificate: inputs.certificatePem, key: inputs.privateKeyPem ?? '' };
    const identity = await signer.createX509Identity({ ...parts, chain: inputs.chainPem.join('') });
    expect(identity.chain.map(({ der }) => new X509Certificate(der).raw)).toEqual(
      inputs.chainPem.map((pem) => new X509Certificate(pem).raw),
    );
    expect(identity.chain.map(({ keyAlgorithm }) => keyAlgorithm)).toEqual(['ML-DSA']);
  },
);
