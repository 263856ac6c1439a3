import { beforeAll, expect, test } from '@jest/globals';
import { issueCertificate } from '@rolesanywhere/pki';
import * as fc from 'fast-check';
import { readUriNames } from '../src/uri-names.js';
import { BACKEND, FRONTEND, type TrustDomain, createTrustDomain, derOf } from './support/svid.js';

let domain: TrustDomain;

beforeAll(async () => {
  domain = await createTrustDomain();
});

type Name = { readonly type: 'uri' | 'dns'; readonly value: string };

async function certificateWith(...subjectAlternativeName: readonly Name[]): Promise<Buffer> {
  const { issuer } = domain;
  const issued = await issueCertificate({
    subject: 'O=SPIRE',
    issuer,
    keyAlgorithm: { type: 'EC', curve: 'P-256' },
    ...(subjectAlternativeName.length > 0 && { subjectAlternativeName }),
  });
  return derOf(issued.certificatePem);
}

test('the URI is found among other names', async () => {
  const der = await certificateWith({ type: 'dns', value: 'a.example' }, { type: 'uri', value: BACKEND });
  expect(readUriNames(der)).toEqual([BACKEND]);
});

test('a second URI is seen, and a third one is not looked for', async () => {
  const der = await certificateWith(
    ...[BACKEND, FRONTEND, FRONTEND].map((value) => ({ type: 'uri', value }) as const),
  );
  expect(readUriNames(der)).toEqual([BACKEND, FRONTEND]);
});

test('a certificate without names has none', async () => {
  expect(readUriNames(await certificateWith())).toEqual([]);
});

test('a name of another kind that looks like one is none', async () => {
  expect(readUriNames(await certificateWith({ type: 'dns', value: 'a.example, URI:spiffe://a/b' }))).toEqual(
    [],
  );
});

test('cut off anywhere, a certificate has none', async () => {
  const der = await certificateWith({ type: 'uri', value: BACKEND });
  for (let length = 0; length < der.length; length += 1) {
    expect(readUriNames(der.subarray(0, length))).toEqual([]);
  }
});

test('any octets in it are read or passed over', async () => {
  const der = await certificateWith({ type: 'uri', value: BACKEND });
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 255 }), (place, octet) => {
      const changed = Buffer.from(der);
      changed[place % der.length] = octet;
      expect(readUriNames(changed).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 1000 },
  );
});
