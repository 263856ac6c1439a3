import { beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { splitCertificates } from '../src/split-certificates.js';
import { BACKEND, createTrustDomain, derOf } from './support/svid.js';

let leaf: Buffer;
let issuer: Buffer;

beforeAll(async () => {
  const domain = await createTrustDomain();
  leaf = derOf((await domain.issue(BACKEND)).certificatePem);
  issuer = derOf(domain.issuer.certificatePem);
});

test('certificates come apart in their order', () => {
  const parts = splitCertificates(Buffer.concat([leaf, issuer]));
  expect(parts.map((part) => Buffer.from(part))).toEqual([leaf, issuer]);
});

test('the parts do not keep the message in memory', () => {
  const [part] = splitCertificates(Buffer.concat([leaf, issuer]));
  expect(part?.buffer.byteLength).toBe(leaf.length);
});

test('cut off anywhere, or with anything behind, there are none', () => {
  const whole = Buffer.concat([leaf, issuer]);
  for (let length = 0; length < whole.length; length += 1) {
    const cut = splitCertificates(whole.subarray(0, length));
    expect(cut).toHaveLength(length === leaf.length ? 1 : 0);
  }
  expect(splitCertificates(Buffer.concat([whole, Buffer.from([0])]))).toEqual([]);
});

test('lengths that are absurd or not definite give none', () => {
  for (const hex of ['30', '3080', '30ff', '3084ffffffff', '308500000000010000', '3082', '0500']) {
    expect(splitCertificates(Buffer.from(hex, 'hex'))).toEqual([]);
  }
});

test('more than 16 are not looked at', () => {
  expect(splitCertificates(Buffer.alloc(32, '3000', 'hex'))).toHaveLength(16);
  expect(splitCertificates(Buffer.alloc(34, '3000', 'hex'))).toEqual([]);
});

test('any octets come apart into themselves, or not at all', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      const parts = splitCertificates(octets);
      expect(parts.length === 0 || Buffer.concat(parts).equals(octets)).toBe(true);
    }),
  );
});
