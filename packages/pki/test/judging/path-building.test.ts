import { describe, expect, test } from '@jest/globals';
import type { IssuedCertificate } from '../../src/index.js';
import { AT, authority, codesOf, ecKey, judge, leafOf } from '../test-authorities.js';

const OLD = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') };

describe('a path is found', () => {
  test('in a pool in any order, with the leaf, the root, strangers and duplicates', async () => {
    const root = await authority('CN=Root');
    const first = await authority('CN=First', { issuer: root });
    const second = await authority('CN=Second', { issuer: first });
    const leaf = await leafOf(second);
    const pool = [second, leaf, await authority('CN=Stranger'), root, first, second, root];
    const verdict = judge({ leaf, pool, anchors: [root] });
    expect(verdict).toMatchObject({ accepted: true, findings: [] });
    expect(verdict.path).toEqual([leaf, second, first, root].map(({ certificate }) => certificate));
  });

  test('to an intermediate that is the anchor, without its root', async () => {
    const root = await authority('CN=Root');
    const intermediate = await authority('CN=Intermediate', { issuer: root });
    const leaf = await leafOf(intermediate);
    expect(judge({ leaf, anchors: [intermediate] })).toMatchObject({ accepted: true, findings: [] });
  });

  test('by the key of the anchor, whatever certificate of it was used to issue', async () => {
    const privateKey = ecKey();
    const issuing = await authority('CN=Root', { privateKey });
    const registered = await authority('CN=Root', { privateKey, serialNumber: 7n });
    expect(judge({ leaf: await leafOf(issuing), anchors: [registered] }).accepted).toBe(true);
  });

  test('past CAs of the same name with other keys, without key identifiers', async () => {
    const root = await authority('CN=Root');
    const bare = { issuer: root, subjectKeyIdentifier: 'absent', authorityKeyIdentifier: 'absent' } as const;
    const namesakes: IssuedCertificate[] = [];
    for (let count = 0; count < 20; count += 1) namesakes.push(await authority('CN=Intermediate', bare));
    const leaf = await leafOf(namesakes.at(-1) ?? root);
    expect(judge({ leaf, pool: namesakes, anchors: [root] })).toMatchObject({ accepted: true, findings: [] });
  });

  test('through a cross-signed CA, around the one that has expired', async () => {
    const privateKey = ecKey();
    const oldRoot = await authority('CN=Old root', OLD);
    const newRoot = await authority('CN=New root');
    const byOld = await authority('CN=Intermediate', { issuer: oldRoot, privateKey, ...OLD });
    const byNew = await authority('CN=Intermediate', { issuer: newRoot, privateKey });
    const verdict = judge({ leaf: await leafOf(byNew), pool: [byOld, byNew], anchors: [oldRoot, newRoot] });
    expect(verdict).toMatchObject({ accepted: true, findings: [] });
    expect(verdict.path.at(-1)).toBe(newRoot.certificate);
  });

  test('over names that differ in case and spaces only', async () => {
    const root = await authority([{ type: 'CN', value: 'Example  Root' }]);
    const leaf = await leafOf(root, { issuerName: 'CN=EXAMPLE ROOT' });
    expect(judge({ leaf, anchors: [root] }).accepted).toBe(true);
  });

  test('with RSA, RSA-PSS signatures, P-384, P-521 and SHA-512 in one chain', async () => {
    const root = await authority('CN=Root', {
      keyAlgorithm: { type: 'EC', curve: 'P-521' },
      hash: 'SHA-512',
    });
    const rsa = await authority('CN=RSA', { issuer: root, keyAlgorithm: { type: 'RSA' }, hash: 'SHA-384' });
    const ec = await authority('CN=EC', {
      issuer: rsa,
      padding: 'PSS',
      keyAlgorithm: { type: 'EC', curve: 'P-384' },
    });
    const leaf = await leafOf(ec, { hash: 'SHA-384' });
    expect(judge({ leaf, pool: [ec, rsa], anchors: [root] })).toMatchObject({ accepted: true, findings: [] });
  });

  test('self-issued intermediates do not count against the path length', async () => {
    const root = await authority('CN=Root', { pathLength: 0 });
    const rollover = await authority('CN=Root', { issuer: root });
    expect(judge({ leaf: await leafOf(rollover), pool: [rollover], anchors: [root] }).accepted).toBe(true);
  });
});

describe('no path is found', () => {
  test('without anchors', async () => {
    const root = await authority('CN=Root');
    expect(codesOf(judge({ leaf: await leafOf(root), pool: [root], anchors: [] }))).toEqual([
      'NO_PATH_TO_TRUST_ANCHOR',
    ]);
  });

  test('from the anchor itself: a leaf is never an anchor', async () => {
    const root = await authority('CN=Root', { keyUsage: ['keyCertSign', 'digitalSignature'] });
    expect(codesOf(judge({ leaf: root, pool: [root], anchors: [root] }))).toContain('LEAF_IS_TRUST_ANCHOR');
  });

  test('the message names the issuer that is missing', async () => {
    const root = await authority('CN=Root');
    const first = await authority('CN=First', { issuer: root });
    const second = await authority('CN=Second', { issuer: first });
    const [finding] = judge({ leaf: await leafOf(second), pool: [second], anchors: [root] }).findings;
    expect(finding?.message).toContain('for the issuer "CN=First" of "CN=Second"');
  });

  test('in a loop of cross-signed CAs', async () => {
    const [keyA, keyB] = [ecKey(), ecKey()];
    const a = await authority('CN=A', { privateKey: keyA });
    const b = await authority('CN=B', { privateKey: keyB });
    const aByB = await authority('CN=A', { issuer: b, privateKey: keyA });
    const bByA = await authority('CN=B', { issuer: a, privateKey: keyB });
    const verdict = judge({
      leaf: await leafOf(a),
      pool: [aByB, bByA],
      anchors: [await authority('CN=Root')],
    });
    expect(codesOf(verdict)).toEqual(['NO_PATH_TO_TRUST_ANCHOR']);
  });

  test('an expired foreign leaf is told as both', async () => {
    const leaf = await leafOf(await authority('CN=Foreign'), OLD);
    expect(codesOf(judge({ leaf, anchors: [await authority('CN=Root')] }))).toEqual([
      'NO_PATH_TO_TRUST_ANCHOR',
      'CERTIFICATE_EXPIRED',
    ]);
  });
});

/** The same certificates, counting how often the signature of one is verified: that is when its signed part is read. */
function countVerifications(pool: readonly IssuedCertificate[]) {
  let count = 0;
  const counted = pool.map((issued): IssuedCertificate => {
    const certificate = Object.defineProperty({ ...issued.certificate }, 'tbs', {
      get: () => {
        count += 1;
        return issued.certificate.tbs;
      },
    });
    return { ...issued, certificate };
  });
  return { pool: counted, count: () => count };
}

describe('the work is bounded', () => {
  test('a pool in which every CA certifies every other is searched in part, and that is said', async () => {
    const keys = Array.from({ length: 7 }, () => ecKey());
    const plain = await Promise.all(
      keys.map((privateKey, index) => authority(`CN=${index}`, { privateKey })),
    );
    const pool = await Promise.all(
      plain.flatMap((issuer, from) =>
        keys.flatMap((privateKey, to) =>
          from === to ? [] : [authority(`CN=${to}`, { issuer, privateKey })],
        ),
      ),
    );
    const leaf = await leafOf(plain[0] ?? (await authority('CN=0')));
    const counter = countVerifications(pool);
    const verdict = judge({ leaf, pool: counter.pool, anchors: [await authority('CN=Root')] });
    expect(counter.count()).toBeGreaterThan(0);
    expect(counter.count()).toBeLessThanOrEqual(128);
    expect(codesOf(verdict)).toEqual(['NO_PATH_TO_TRUST_ANCHOR', 'PATH_SEARCH_LIMIT_REACHED']);
  });

  test('hundreds of CAs of one name cost no more signatures than any other pool', async () => {
    const root = await authority('CN=Root');
    const keys = Array.from({ length: 20 }, () => ecKey());
    const same = { issuer: root, authorityKeyIdentifier: 'absent', subjectKeyIdentifier: 'absent' } as const;
    const pool: IssuedCertificate[] = [];
    for (const privateKey of Array.from({ length: 15 }, () => keys).flat()) {
      pool.push(await authority('CN=Same', { ...same, issuerName: 'CN=Same', privateKey }));
    }
    const counter = countVerifications(pool);
    const verdict = judge({ leaf: await leafOf(pool[7] ?? root), pool: counter.pool, anchors: [root] });
    expect(counter.count()).toBeGreaterThan(0);
    expect(counter.count()).toBeLessThanOrEqual(128);
    expect(verdict.accepted).toBe(false);
  });

  test('thousands of names against thousands of constraints are refused unread', async () => {
    const subtrees = Array.from(
      { length: 900 },
      (_, index) => ({ type: 'dns', value: `a${index}` }) as const,
    );
    const root = await authority('CN=Root', { nameConstraints: { permitted: subtrees } });
    const leaf = await leafOf(root, { subjectAlternativeName: subtrees });
    expect(codesOf(judge({ leaf, anchors: [root] }))).toEqual(['NAME_CONSTRAINTS_UNSUPPORTED']);
  });
});

describe('warnings do not refuse', () => {
  test('a leaf for servers only is accepted with a warning, and refused where clientAuth is required', async () => {
    const root = await authority('CN=Root');
    const leaf = await leafOf(root, { extendedKeyUsage: ['serverAuth'] });
    const verdict = judge({ leaf, anchors: [root] });
    expect(verdict).toMatchObject({
      accepted: true,
      findings: [{ code: 'CLIENT_AUTH_MISSING', severity: 'warning' }],
    });
    const strict = judge({ leaf, anchors: [root], more: { requireClientAuthEku: true } });
    expect(strict).toMatchObject({
      accepted: false,
      findings: [{ severity: 'refusal', group: 'endEntity' }],
    });
  });

  test('required clientAuth has to be written, as itself or as any purpose', async () => {
    const root = await authority('CN=Root');
    const more = { requireClientAuthEku: true };
    const silent = await leafOf(root, { extendedKeyUsage: 'absent' });
    const any = await leafOf(root, { extendedKeyUsage: ['any'] });
    expect(codesOf(judge({ leaf: silent, anchors: [root], more }))).toEqual(['CLIENT_AUTH_MISSING']);
    expect(judge({ leaf: silent, anchors: [root] }).findings).toEqual([]);
    expect(judge({ leaf: any, anchors: [root], more }).accepted).toBe(true);
  });

  test('a serial number given twice, and one that is zero', async () => {
    const root = await authority('CN=Root');
    const leaf = await leafOf(root, { serialNumber: 5n });
    const twin = await leafOf(root, { serialNumber: 5n });
    const zero = await leafOf(root, { serialNumber: 0n });
    expect(judge({ leaf, pool: [leaf, twin], anchors: [root] })).toMatchObject({
      accepted: true,
      findings: [{ code: 'SERIAL_NUMBER_DUPLICATE', severity: 'warning' }],
    });
    expect(codesOf(judge({ leaf: zero, anchors: [root] }))).toEqual(['SERIAL_NUMBER_NOT_POSITIVE']);
  });

  test('an instant that is no date is refused, and names do not forge lines of a log', async () => {
    const root = await authority('CN=Root', {
      nameConstraints: { permitted: [{ type: 'dns', value: 'a' }] },
    });
    const leaf = await leafOf(root, {
      subjectAlternativeName: [{ type: 'dns', value: 'b\nCERTIFICATE OK' }],
    });
    const verdict = judge({ leaf, anchors: [root] });
    expect(verdict.findings[0]?.message).toContain(String.raw`b\0aCERTIFICATE OK`);
    expect(() => judge({ leaf, anchors: [root], more: { at: new Date(Number.NaN) } })).toThrow(
      /`at` is not a date/,
    );
  });

  test('both ends of the validity belong to it', async () => {
    const root = await authority('CN=Root');
    const leaf = await leafOf(root, { notBefore: AT, notAfter: AT });
    expect(judge({ leaf, anchors: [root] }).accepted).toBe(true);
    expect(judge({ leaf, anchors: [root], more: { at: new Date(AT.getTime() + 1) } }).accepted).toBe(false);
    expect(judge({ leaf, anchors: [root], more: { at: new Date(AT.getTime() - 1) } }).accepted).toBe(false);
  });
});
