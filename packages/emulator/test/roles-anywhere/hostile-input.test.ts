import { beforeAll, describe, expect, test } from '@jest/globals';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import * as fc from 'fast-check';
import type { RawRequest } from '../../src/http.js';
import { decodeCertificate } from '../../src/roles-anywhere/certificate-headers.js';
import { parseCreateSessionParameters } from '../../src/roles-anywhere/create-session-parameters.js';
import { parseJsonBody } from '../../src/roles-anywhere/json-body.js';
import { parseQueryParameters } from '../../src/roles-anywhere/query-parameters.js';
import { Refusal } from '../../src/roles-anywhere/refusal.js';
import { roleArnParts } from '../../src/role-arn.js';
import { parseAuthorization } from '../../src/sigv4/authorization.js';
import {
  createTestWorld,
  EC,
  issueTestCertificates,
  NOT_AFTER,
  NOT_BEFORE,
  type TestCertificates,
  type TestWorld,
} from '../support/create-test-world.js';
import { withHeader } from '../support/sign-test-request.js';
import { meaningOf, wireRequest } from '../support/wire-request.js';

let certificates: TestCertificates;
let service: TestWorld;
let request: RawRequest;

beforeAll(async () => {
  certificates = await issueTestCertificates();
  service = createTestWorld({ certificates });
  const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER, keyAlgorithm: EC };
  const ca = await issueCertificateAuthority({ subject: 'CN=Issuing', issuer: certificates.root, ...dates });
  const leaf = await issueCertificate({ subject: 'CN=deep', issuer: ca, ...dates });
  request = service.sign({
    certificate: leaf.certificatePem,
    privateKey: leaf.privateKey,
    chain: [ca.certificatePem],
    body: JSON.stringify({ durationSeconds: 900, roleArn: service.roleArn }),
  });
});

/** The reason of a refusal; undefined when something was read. Anything else is thrown on. */
function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

const statusOf = async (sent: RawRequest): Promise<number> => (await service.emulator.handle(sent)).status;
const parametersOf = (query: string, body = '') =>
  parseCreateSessionParameters(
    { method: 'POST', target: `/sessions?${query}`, rawHeaders: [], body: Buffer.from(body) },
    {},
  );
const queryOf = (arns: object): string =>
  Object.entries(arns)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');

const anyText = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...Array.from(' ,;:/=&%+-aA0\t\0')), maxLength: 300 }),
);

/** Cuts, puts in and replaces at up to four places. */
const edits = fc.array(
  fc.tuple(
    fc.nat(),
    fc.nat(4),
    fc.oneof(fc.string({ maxLength: 4 }), fc.string({ unit: 'binary', maxLength: 2 })),
  ),
  { minLength: 1, maxLength: 4 },
);
type Edits = readonly (readonly [at: number, cut: number, insert: string])[];
const edited = (text: string, changes: Edits): string =>
  changes.reduce((before, [position, cut, insert]) => {
    const at = position % (before.length + 1);
    return before.slice(0, at) + insert + before.slice(at + cut);
  }, text);

describe('random input', () => {
  test('is no Authorization, no certificate and no role', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parseAuthorization(text)).toBeUndefined();
        expect(decodeCertificate(text)).toBeUndefined();
        expect(decodeCertificate(Buffer.from(text).toString('base64'))).toBeUndefined();
        expect(text).toContain(roleArnParts(text).roleName);
      }),
      { numRuns: 1000 },
    );
  });

  test('is a query or body that is read or refused, and never the parameters of a session', () => {
    fc.assert(
      fc.property(anyText, fc.oneof(anyText, fc.json()), (query, body) => {
        expect([undefined, 'QUERY_MALFORMED', 'DUPLICATE_QUERY_KEY']).toContain(
          refusalOf(() => parseQueryParameters(query)),
        );
        expect([undefined, 'BODY_MALFORMED']).toContain(refusalOf(() => parseJsonBody(Buffer.from(body))));
        expect(refusalOf(() => parametersOf(query, body))).toMatch(/^(QUERY|DUPLICATE|BODY|PARAMETERS)_/);
      }),
      { numRuns: 1000 },
    );
  });

  test('is never a session, in whatever part of a request', async () => {
    const names = request.rawHeaders.map(([name]) => name);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), anyText, async (name, value) => {
        expect(await statusOf(withHeader(request, name, value))).toBeGreaterThanOrEqual(400);
        expect(await statusOf({ ...request, target: value })).toBeGreaterThanOrEqual(400);
        expect(await statusOf({ ...request, body: Buffer.from(value) })).toBeGreaterThanOrEqual(400);
        expect(await statusOf({ ...request, method: value })).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 300 },
    );
  });
});

describe('truncated input', () => {
  const PARTS: readonly string[] = ['Authorization', 'X-Amz-X509', 'X-Amz-X509-Chain', 'X-Amz-Date', 'Host'];

  test.each(PARTS)('any beginning of %s is refused', async (name) => {
    const value = request.rawHeaders.find(([other]) => other === name)?.[1] ?? '';
    expect(value.length).toBeGreaterThan(8);
    for (let length = 0; length < value.length; length += 1) {
      const status = await statusOf(withHeader(request, name, value.slice(0, length)));
      expect({ length, status }).toEqual({ length, status: 403 });
    }
  });

  test('any beginning of target and body is refused', async () => {
    for (let length = 0; length < request.target.length; length += 1) {
      const status = await statusOf({ ...request, target: request.target.slice(0, length) });
      expect(status).toBeGreaterThanOrEqual(400);
    }
    for (let length = 0; length < request.body.length; length += 1) {
      const status = await statusOf({ ...request, body: request.body.subarray(0, length) });
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });

  test('any beginning of an ARN is refused, though it was signed', async () => {
    for (const [name, arn] of Object.entries(service.arns)) {
      for (let length = 0; length < arn.length; length += 1) {
        const query = { ...service.arns, [name]: arn.slice(0, length) };
        expect(await statusOf(service.sign({ query }))).toBeGreaterThanOrEqual(400);
      }
    }
  });

  test('any beginning of a certificate in PEM is refused, though it was signed', async () => {
    const pem = certificates.leaf.certificatePem.trimEnd();
    for (let length = 0; length < pem.length; length += 1) {
      const certificateHeader = Buffer.from(pem.slice(0, length)).toString('base64');
      expect(await statusOf(service.sign({ certificateHeader }))).toBe(403);
    }
  });
});

describe('mutated input', () => {
  test('is never a session, in whatever part of a request, unless it means the same', async () => {
    const meaning = meaningOf(wireRequest(request));
    const places = [...request.rawHeaders.map(([name]) => name), 'target', 'body'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), edits, async (place, changes) => {
        const sent = editedRequest(place, changes);
        fc.pre(meaningOf(wireRequest(sent)) !== meaning);
        expect(await statusOf(sent)).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 3000 },
    );
  });

  test('in an ARN that is signed is never a session', async () => {
    const names = ['trustAnchorArn', 'profileArn', 'roleArn'] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), edits, async (name, changes) => {
        const arn = edited(service.arns[name], changes);
        fc.pre(arn !== service.arns[name] && Buffer.from(arn).toString() === arn);
        const query = { ...service.arns, [name]: arn };
        expect(await statusOf(service.sign({ query }))).toBeGreaterThanOrEqual(400);
        const read = parametersOrReason(query);
        expect([query, 'PARAMETERS_INVALID']).toContainEqual(read);
      }),
      { numRuns: 500 },
    );
  });

  test('in a certificate that is signed, as DER or as PEM, is never a session', async () => {
    const { der } = certificates.leaf.certificate;
    const changes = fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, edits, async (octets, texts) => {
        const changed = Buffer.from(der);
        for (const [at, octet] of octets) changed[at] = octet;
        fc.pre(!changed.equals(der));
        const asDer = changed.toString('base64');
        expect(await statusOf(service.sign({ certificateHeader: asDer }))).toBeGreaterThanOrEqual(400);
        const base64 = edited(Buffer.from(der).toString('base64'), texts);
        const pem = `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
        fc.pre(!Buffer.from(base64, 'base64').equals(der));
        const certificateHeader = Buffer.from(pem).toString('base64');
        expect(await statusOf(service.sign({ certificateHeader }))).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 500 },
    );
  });

  function parametersOrReason(query: object): unknown {
    return refusalOf(() => parametersOf(queryOf(query))) ?? parametersOf(queryOf(query));
  }

  function editedRequest(place: string, changes: Edits): RawRequest {
    if (place === 'target') return { ...request, target: edited(request.target, changes) };
    if (place === 'body') {
      return { ...request, body: Buffer.from(edited(Buffer.from(request.body).toString(), changes)) };
    }
    const value = request.rawHeaders.find(([name]) => name === place)?.[1] ?? '';
    return withHeader(request, place, edited(value, changes));
  }
});

describe('input past its limit is refused unread, whatever it holds', () => {
  const padded = (text: string, length: number): string => text.padEnd(length, 'a');

  test('an Authorization of 20,000 characters is read, and of one more is not', () => {
    const value = request.rawHeaders.find(([name]) => name === 'Authorization')?.[1] ?? '';
    expect(parseAuthorization(value.padStart(20_000))).toEqual(parseAuthorization(value));
    expect(parseAuthorization(value.padStart(20_001))).toBeUndefined();
  });

  test('a query of 16,384 characters is read, and of one more is not', () => {
    expect(refusalOf(() => parseQueryParameters(padded('x=', 16_384)))).toBeUndefined();
    expect(refusalOf(() => parseQueryParameters(padded('x=', 16_385)))).toBe('QUERY_MALFORMED');
  });

  test('a body of 262,144 bytes is read, and of one more is not', () => {
    expect(refusalOf(() => parseJsonBody(Buffer.from('{}'.padEnd(262_144))))).toBeUndefined();
    expect(refusalOf(() => parseJsonBody(Buffer.from('{}'.padEnd(262_145))))).toBe('BODY_MALFORMED');
  });

  test('an ARN of 1011 characters is read, and of one more is not', () => {
    const withRole = (length: number) =>
      queryOf({ ...service.arns, roleArn: padded(service.roleArn, length) });
    expect(refusalOf(() => parametersOf(withRole(1011)))).toBeUndefined();
    expect(refusalOf(() => parametersOf(withRole(1012)))).toBe('PARAMETERS_INVALID');
  });

  test('a certificate header of 65,536 characters is read, and of more is not', () => {
    const { certificatePem } = certificates.leaf;
    const header = (size: number): string => Buffer.from(certificatePem.padEnd(size)).toString('base64');
    expect(header(49_152)).toHaveLength(65_536);
    expect(decodeCertificate(header(49_152))).toBeDefined();
    expect(decodeCertificate(header(49_153))).toBeUndefined();
  });

  test('of a chain that is too long no entry is read', async () => {
    const chainHeader = Array.from({ length: 6 }, () => 'no certificate').join(',');
    await service.emulator.handle(service.sign({ chainHeader }));
    expect(service.verdicts.at(-1)).toMatchObject({ reason: 'CHAIN_TOO_LONG' });
  });

  test.each([
    ['colons', ':'.repeat(985)],
    ['the name of the resource', ':profile'.repeat(120)],
    ['colons and line feeds', ':\n'.repeat(490)],
  ])('an ARN of %s is read to its end or refused', (_, filling) => {
    const profileArn = `arn:aws:rolesanywhere${filling}`;
    expect([undefined, 'PARAMETERS_INVALID']).toContain(
      refusalOf(() => parametersOf(queryOf({ ...service.arns, profileArn }))),
    );
  });
});
