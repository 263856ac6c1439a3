import { describe, expect, test } from '@jest/globals';
import { type SigningKey, createSigningKey, createX509Identity } from '../../src/index.js';
import { errorOf } from '../../../../tools/test-support/error-of.js';
import { issue, issueHierarchy } from '../support/issue.js';
import { untyped } from '../support/untyped.js';

const { root, chain, leaf } = issueHierarchy(2);
const subjectOf = ({ subject }: { subject: string }): string => subject;

test('parts come in any form', async () => {
  const [issuer, above] = chain;
  const read = await createX509Identity({ certificate: leaf.pem, key: leaf.key });
  const identity = await createX509Identity({
    certificate: read.certificate,
    chain: [root.der, above?.pem ?? '', issuer?.der ?? ''],
    key: leaf.key,
  });
  expect(identity.certificate.subject).toBe('CN=leaf');
  expect(identity.chain.map(subjectOf)).toEqual(['CN=Intermediate 2', 'CN=Intermediate 1']);
  expect(identity.expiration).toEqual(new Date('2099-01-01T00:00:00Z'));
});

test('a key of the caller, whose public half is not known, takes the certificate that issued no other', async () => {
  const known = createSigningKey(leaf.key);
  const key: SigningKey = { algorithm: known.algorithm, sign: (message) => known.sign(message) };
  const certificate = [root, ...chain, leaf].map(({ pem }) => pem).join('');
  const identity = await createX509Identity({ certificate, key });
  expect(identity.certificate.subject).toBe('CN=leaf');
});

test('a key that says its public half is held against the certificate at once', async () => {
  const known = createSigningKey(issue({ subject: 'other' }).key);
  const key: SigningKey = { ...known, sign: (message) => known.sign(message) };
  expect((await errorOf(() => createX509Identity({ certificate: leaf.pem, key }))).code).toBe('KEY_MISMATCH');
});

test('an algorithm that is not the one of the certificate is refused at once', async () => {
  const key = { algorithm: 'AWS4-X509-RSA-SHA256', sign: async () => new Uint8Array(1) } as const;
  expect((await errorOf(() => createX509Identity({ certificate: leaf.pem, key }))).code).toBe('KEY_MISMATCH');
});

test('an expired certificate is refused', async () => {
  const old = issue({ subject: 'old', notAfter: '20200102000000Z' });
  expect((await errorOf(() => createX509Identity({ certificate: old.pem, key: old.key }))).code).toBe(
    'CERTIFICATE_EXPIRED',
  );
});

test('a certificate in no known form is refused', async () => {
  const parts = { certificate: untyped(1), key: leaf.key };
  expect((await errorOf(() => createX509Identity(parts))).code).toBe('INVALID_OPTION');
});

describe('a cross-signed intermediate', () => {
  const middle = chain[0] ?? root;
  const crossSigned = (notAfter: string): string =>
    issue({ subject: middle.subject, key: middle.key, issuer: issue({ subject: 'Other root' }), notAfter })
      .pem;

  test('of which one certificate has expired still leads from the certificate to the other', async () => {
    const parts = [leaf.pem, ...chain.map(({ pem }) => pem), crossSigned('20200102000000Z')];
    const identity = await createX509Identity({ certificate: parts.join(''), key: leaf.key });
    expect(identity.chain).toHaveLength(3);
    expect(identity.expiration).toEqual(new Date('2099-01-01T00:00:00Z'));
  });

  test('that has expired in every form is refused, and named as an intermediate', async () => {
    const certificate = leaf.pem + crossSigned('20200102000000Z') + crossSigned('20200103000000Z');
    const error = await errorOf(() => createX509Identity({ certificate, key: leaf.key }));
    expect(error.code).toBe('CERTIFICATE_EXPIRED');
    expect(error.message).toMatch(
      /^An intermediate certificate in `certificate` \(.*CN=Intermediate 2.*2020-01-03/,
    );
  });
});
