import { beforeAll, describe, expect, test } from '@jest/globals';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import type { RawRequest } from '../../src/http.js';
import {
  createTestWorld,
  EC,
  issueTestCertificates,
  NOT_AFTER,
  NOT_BEFORE,
  type TestCertificates,
  type TestWorld,
  type TestWorldInit,
} from '../support/create-test-world.js';
import { ACCEPTED, sendAndJudge } from '../support/send-and-judge.js';
import { derBase64, withHeader, type TestRequestInit } from '../support/sign-test-request.js';

const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER, keyAlgorithm: EC };
let certificates: TestCertificates;
let intermediates: readonly IssuedCertificate[];
let deepLeaf: IssuedCertificate;

beforeAll(async () => {
  certificates = await issueTestCertificates();
  const upper = await issueCertificateAuthority({ subject: 'CN=Upper', issuer: certificates.root, ...dates });
  const lower = await issueCertificateAuthority({ subject: 'CN=Lower', issuer: upper, ...dates });
  intermediates = [lower, upper];
  deepLeaf = await issueCertificate({ subject: 'CN=deep', issuer: lower, ...dates });
});

const world = (init: Partial<TestWorldInit> = {}): TestWorld => createTestWorld({ certificates, ...init });

/** A request with a chain of two intermediates. */
const deep = (service: TestWorld, change: Partial<TestRequestInit> = {}): RawRequest =>
  service.sign({
    certificate: deepLeaf.certificatePem,
    privateKey: deepLeaf.privateKey,
    chain: intermediates.map(({ certificatePem }) => certificatePem),
    ...change,
  });
const withChain = (service: TestWorld, chain: readonly IssuedCertificate[]): RawRequest =>
  deep(service, { chain: chain.map(({ certificatePem }) => certificatePem) });
const inBody = (service: TestWorld, members: readonly string[]): RawRequest => {
  const values: Readonly<Record<string, unknown>> = {
    ...service.arns,
    durationSeconds: 3600,
    roleSessionName: 'me@host',
  };
  const chosen = members.map((name) => [name, values[name]]);
  return service.sign({ query: {}, body: JSON.stringify(Object.fromEntries(chosen)) });
};
const pemBase64 = (pem: string): string => Buffer.from(pem).toString('base64');

const THREE_HEADERS = ['host', 'x-amz-date', 'x-amz-x509'];
const SDK_HEADERS = [
  ['amz-sdk-invocation-id', 'a-b-c'],
  ['amz-sdk-request', 'attempt=1; max=3'],
] as const;

type Variation = readonly [name: string, request: (service: TestWorld) => RawRequest];

const PLACES: readonly Variation[] = [
  ['ARNs in the query and the duration in the body', (s) => s.sign()],
  ['ARNs in the query and an empty body', (s) => s.sign({ body: '' })],
  ['ARNs in the query and an empty object for a body', (s) => s.sign({ body: '{}' })],
  ['everything in both', (s) => s.sign({ body: JSON.stringify(s.arns) })],
  [
    'the body in the order duration, profile, role, trust anchor',
    (s) => inBody(s, ['durationSeconds', 'profileArn', 'roleArn', 'trustAnchorArn']),
  ],
  [
    'the body in the order profile, role, trust anchor, session name, duration',
    (s) => inBody(s, ['profileArn', 'roleArn', 'trustAnchorArn', 'roleSessionName', 'durationSeconds']),
  ],
  [
    'the body in the order trust anchor, profile, role, duration',
    (s) => inBody(s, ['trustAnchorArn', 'profileArn', 'roleArn', 'durationSeconds']),
  ],
  [
    'the body in the order role, profile, trust anchor, without a duration',
    (s) => inBody(s, ['roleArn', 'profileArn', 'trustAnchorArn']),
  ],
  [
    'a body with blanks and line feeds',
    (s) => s.sign({ query: {}, body: JSON.stringify({ ...s.arns, durationSeconds: 900 }, undefined, 2) }),
  ],
  [
    'a duration of null',
    (s) => s.sign({ query: {}, body: JSON.stringify({ ...s.arns, durationSeconds: null }) }),
  ],
];

const HEADERS: readonly Variation[] = [
  ['the media type application/x-amz-json-1.0', (s) => s.sign({ contentType: 'application/x-amz-json-1.0' })],
  [
    'an unsigned media type of another kind',
    (s) => s.sign({ contentType: 'application/x-amz-json-1.0', signedHeaders: THREE_HEADERS }),
  ],
  ['no media type', (s) => withHeader(s.sign({ signedHeaders: THREE_HEADERS }), 'Content-Type', undefined)],
  ['three signed headers', (s) => s.sign({ signedHeaders: THREE_HEADERS })],
  [
    'four signed headers, content-type among them',
    (s) => s.sign({ signedHeaders: ['content-type', ...THREE_HEADERS] }),
  ],
  ['five signed headers, content-length among them', (s) => s.sign({ headers: [['Content-Length', '23']] })],
  ['five signed headers, the chain among them', (s) => deep(s)],
  ['six signed headers, those of the SDK among them', (s) => s.sign({ headers: SDK_HEADERS })],
  ['seven signed headers, chain and those of the SDK among them', (s) => deep(s, { headers: SDK_HEADERS })],
  [
    'mixed case in SignedHeaders',
    (s) => s.sign({ signedHeaders: ['Content-Type', 'Host', 'X-Amz-Date', 'X-Amz-X509'] }),
  ],
  [
    'no blanks after the commas of Authorization',
    (s) => changed(s.sign(), 'Authorization', (value) => value.replaceAll(', ', ',')),
  ],
  [
    'header names in lower case',
    (s) => {
      const request = s.sign();
      const rawHeaders = request.rawHeaders.map(([name, value]) => [name.toLowerCase(), value] as const);
      return { ...request, rawHeaders };
    },
  ],
  ['headers in another order', (s) => ({ ...s.sign(), rawHeaders: s.sign().rawHeaders.toReversed() })],
];

const CERTIFICATES: readonly Variation[] = [
  ['the certificate as base64 of its DER', (s) => s.sign()],
  [
    'the certificate as base64 of its PEM text',
    (s) => s.sign({ certificateHeader: pemBase64(certificates.leaf.certificatePem) }),
  ],
  [
    'the certificate as base64 of its PEM text with carriage returns',
    (s) =>
      s.sign({ certificateHeader: pemBase64(certificates.leaf.certificatePem.replaceAll('\n', '\r\n')) }),
  ],
  [
    'the certificate as base64 of its PEM text without a final line feed',
    (s) => s.sign({ certificateHeader: pemBase64(certificates.leaf.certificatePem.trimEnd()) }),
  ],
  ['no chain', (s) => s.sign()],
  ['a chain of one certificate', (s) => s.sign({ chain: [certificates.root.certificatePem] })],
  ['a chain of one PEM text', (s) => s.sign({ chainHeader: pemBase64(certificates.root.certificatePem) })],
  ['a chain of intermediates only', (s) => withChain(s, intermediates)],
  ['a chain with the leaf first', (s) => withChain(s, [deepLeaf, ...intermediates])],
  [
    'a chain of PEM texts with the leaf first',
    (s) =>
      deep(s, {
        chainHeader: [deepLeaf, ...intermediates]
          .map(({ certificatePem }) => pemBase64(certificatePem))
          .join(','),
      }),
  ],
  ['a chain that is the leaf alone', (s) => s.sign({ chain: [certificates.leaf.certificatePem] })],
  ['a chain upside down', (s) => withChain(s, intermediates.toReversed())],
  ['a chain with the root at its end', (s) => withChain(s, [...intermediates, certificates.root])],
  ['a chain with a stranger', (s) => withChain(s, [...intermediates, certificates.leaf])],
  ['a chain with a certificate twice', (s) => withChain(s, [...intermediates, ...intermediates])],
  [
    'a chain of five, the most that are taken',
    (s) => withChain(s, [deepLeaf, ...intermediates, certificates.root, certificates.leaf]),
  ],
  [
    'a chain with blanks around the commas',
    (s) =>
      deep(s, {
        chainHeader: intermediates.map(({ certificatePem }) => derBase64(certificatePem)).join(' ,  '),
      }),
  ],
];

const MOUNTS: readonly Variation[] = [
  [
    'a mount prefix, signed without it',
    (s) => s.sign({ path: '/base/path/sessions', signedPath: '/sessions' }),
  ],
  ['a mount prefix, signed with it', (s) => s.sign({ path: '/base/path/sessions' })],
];

describe('a variation that working clients send is accepted with 201', () => {
  test.each([...PLACES, ...HEADERS, ...CERTIFICATES, ...MOUNTS])('%s', async (_, request) => {
    const service = world({ profile: { acceptRoleSessionName: true } });
    const sent = request(service);
    expect(await sendAndJudge(service, sent)).toEqual(ACCEPTED);
    expect(service.verdicts[0]?.findings).toEqual([]);
  });

  test.each([
    ['without a duration', undefined],
    ['with a duration', 900],
  ])('a session %s lasts as long as profile and request say', async (_, durationSeconds) => {
    const service = world();
    await service.emulator.handle(service.sign({ body: JSON.stringify({ durationSeconds }) }));
    expect(service.verdicts[0]).toMatchObject({ session: { durationSeconds: durationSeconds ?? 3600 } });
  });

  test.each([
    ['an RSA key of 2048 bits', { type: 'RSA' }],
    ['an RSA key of 4096 bits', { type: 'RSA', modulusLength: 4096 }],
    ['a P-256 key', { type: 'EC', curve: 'P-256' }],
    ['a P-384 key', { type: 'EC', curve: 'P-384' }],
    ['a P-521 key', { type: 'EC', curve: 'P-521' }],
  ] as const)('%s', async (_, keyAlgorithm) => {
    const service = world();
    const init = { subject: 'CN=other', issuer: certificates.root, ...dates, keyAlgorithm };
    const { certificatePem: certificate, privateKey } = await issueCertificate(init);
    expect(await sendAndJudge(service, service.sign({ certificate, privateKey }))).toEqual(ACCEPTED);
  });

  test.each([
    ['with the high bit', 2n ** 159n + 1n],
    ['of one octet', 5n],
    ['of nineteen octets', 2n ** 150n],
  ])('a serial number %s', async (_, serialNumber) => {
    const service = world();
    const init = { subject: 'CN=other', issuer: certificates.root, ...dates, serialNumber };
    const { certificatePem: certificate, privateKey } = await issueCertificate(init);
    expect(await sendAndJudge(service, service.sign({ certificate, privateKey }))).toEqual(ACCEPTED);
  });

  test('an intermediate as trust anchor', async () => {
    const service = world();
    const { trustAnchorArn } = service.emulator.createTrustAnchor({
      name: 'lower',
      certificates: intermediates[0]?.certificatePem ?? '',
    });
    const { certificatePem: certificate, privateKey } = deepLeaf;
    const query = { ...service.arns, trustAnchorArn };
    expect(await sendAndJudge(service, service.sign({ certificate, privateKey, query }))).toEqual(ACCEPTED);
  });

  test('a role that is nowhere registered, when trust policies are off', async () => {
    const roleArn = 'arn:aws:iam::111122223333:role/path/only-in-the-profile';
    const service = world({ evaluateTrustPolicy: false, profile: { roleArns: [roleArn] } });
    expect(await sendAndJudge(service, service.sign({ query: { ...service.arns, roleArn } }))).toEqual(
      ACCEPTED,
    );
    expect(service.verdicts[0]).toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111122223333:assumed-role/only-in-the-profile/01a2b3',
    });
  });
});

function changed(request: RawRequest, name: string, change: (value: string) => string): RawRequest {
  const value = request.rawHeaders.find(([other]) => other === name)?.[1] ?? '';
  return withHeader(request, name, change(value));
}
