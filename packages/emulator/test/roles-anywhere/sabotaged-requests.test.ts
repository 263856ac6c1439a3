import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import type { RawRequest } from '../../src/http.js';
import {
  createTestWorld,
  EC,
  issueTestCertificates,
  NOT_AFTER,
  NOT_BEFORE,
  trustPolicy,
  type TestCertificates,
  type TestWorld,
  type TestWorldInit,
} from '../support/create-test-world.js';
import { ACCEPTED, denied, invalidSignature, sendAndJudge, type Judged } from '../support/send-and-judge.js';
import { derBase64, TEST_DATE, withHeader } from '../support/sign-test-request.js';

const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER, keyAlgorithm: EC };
let certificates: TestCertificates;
let intermediate: IssuedCertificate;
let deepLeaf: IssuedCertificate;

beforeAll(async () => {
  certificates = await issueTestCertificates();
  intermediate = await issueCertificateAuthority({
    subject: 'CN=Issuing',
    issuer: certificates.root,
    ...dates,
  });
  deepLeaf = await issueCertificate({ subject: 'CN=deep', issuer: intermediate, ...dates });
});

const world = (init: Partial<TestWorldInit> = {}): TestWorld => createTestWorld({ certificates, ...init });
const deep = (service: TestWorld, change: Parameters<TestWorld['sign']>[0] = {}): RawRequest =>
  service.sign({
    certificate: deepLeaf.certificatePem,
    privateKey: deepLeaf.privateKey,
    chain: [intermediate.certificatePem],
    ...change,
  });
const later = (seconds: number): Date => new Date(TEST_DATE.getTime() + seconds * 1000);
const headerOf = (request: RawRequest, name: string): string =>
  request.rawHeaders.find(([other]) => other === name)?.[1] ?? '';
const replaceInAuthorization = (request: RawRequest, from: string | RegExp, to: string): RawRequest => {
  const value = request.rawHeaders.find(([name]) => name === 'Authorization')?.[1] ?? '';
  return withHeader(request, 'Authorization', value.replace(from, to));
};
const without = (...names: readonly string[]): readonly string[] =>
  ['content-type', 'host', 'x-amz-date', 'x-amz-x509', 'x-amz-x509-chain'].filter(
    (name) => !names.includes(name),
  );

type Row = readonly [name: string, expected: Judged, sabotage: (service: TestWorld) => RawRequest];

const SIGNATURE_ROWS: readonly Row[] = [
  ['another serial', invalidSignature('SERIAL_MISMATCH'), (s) => s.sign({ serial: '4711' })],
  ['a negative serial', invalidSignature('SERIAL_NOT_DECIMAL'), (s) => s.sign({ serial: '-4711' })],
  ['the serial in hex', invalidSignature('SERIAL_NOT_DECIMAL'), (s) => s.sign({ serial: '1a2b3' })],
  [
    'the serial in upper-case hex of even length',
    invalidSignature('SERIAL_NOT_DECIMAL'),
    (s) => s.sign({ serial: '01A2B3' }),
  ],
  [
    'the serial with a leading zero',
    invalidSignature('SERIAL_NOT_DECIMAL'),
    (s) => s.sign({ serial: '0107187' }),
  ],
  ['a date of half an hour ago', invalidSignature('CLOCK_SKEWED'), (s) => s.sign({ at: later(-1800) })],
  ['a date 301 s ahead', invalidSignature('CLOCK_SKEWED'), (s) => s.sign({ at: later(301) })],
  [
    'a date in ISO form',
    invalidSignature('DATE_MALFORMED'),
    (s) =>
      s.sign({
        longDate: '2026-03-04T05:06:07Z',
        scope: '20260304/us-east-1/rolesanywhere/aws4_request',
      }),
  ],
  ['no date', invalidSignature('HEADER_MISSING'), (s) => withHeader(s.sign(), 'X-Amz-Date', undefined)],
  [
    'no certificate',
    invalidSignature('HEADER_MISSING'),
    (s) => withHeader(s.sign(), 'X-Amz-X509', undefined),
  ],
  [
    'no authorization',
    invalidSignature('HEADER_MISSING'),
    (s) => withHeader(s.sign(), 'Authorization', undefined),
  ],
  ['no host', invalidSignature('HEADER_MISSING'), (s) => withHeader(s.sign(), 'Host', undefined)],
  [
    'two certificates in two headers',
    invalidSignature('DUPLICATE_HEADER'),
    (s) => s.sign({ headers: [['x-amz-x509', derBase64(certificates.leaf.certificatePem)]] }),
  ],
  [
    'host unsigned',
    invalidSignature('HEADER_NOT_SIGNED'),
    (s) => deep(s, { signedHeaders: without('host') }),
  ],
  [
    'x-amz-date unsigned',
    invalidSignature('HEADER_NOT_SIGNED'),
    (s) => deep(s, { signedHeaders: without('x-amz-date') }),
  ],
  [
    'x-amz-x509 unsigned',
    invalidSignature('HEADER_NOT_SIGNED'),
    (s) => deep(s, { signedHeaders: without('x-amz-x509') }),
  ],
  [
    'the chain unsigned',
    invalidSignature('HEADER_NOT_SIGNED'),
    (s) => deep(s, { signedHeaders: without('x-amz-x509-chain') }),
  ],
  [
    'a signed header that is not there',
    invalidSignature('SIGNED_HEADER_ABSENT'),
    (s) => s.sign({ signedHeaders: ['host', 'x-amz-date', 'x-amz-x509', 'x-extra'] }),
  ],
  ['a swapped region', invalidSignature('SCOPE_REGION_WRONG'), (s) => s.sign({ region: 'us-west-2' })],
  [
    'a FIPS pseudo-region',
    invalidSignature('SCOPE_REGION_WRONG'),
    (s) => s.sign({ region: 'us-east-1-fips' }),
  ],
  [
    'another service',
    invalidSignature('SCOPE_SERVICE_WRONG'),
    (s) => s.sign({ scope: '20260304/us-east-1/sts/aws4_request' }),
  ],
  [
    'another terminator',
    invalidSignature('SCOPE_TERMINATOR_WRONG'),
    (s) => s.sign({ scope: '20260304/us-east-1/rolesanywhere/aws5_request' }),
  ],
  [
    'a scope of another day',
    invalidSignature('SCOPE_DATE_MISMATCH'),
    (s) => s.sign({ scope: '20260305/us-east-1/rolesanywhere/aws4_request' }),
  ],
  [
    'an altered query',
    invalidSignature('SIGNATURE_WRONG'),
    (s) => {
      const r = s.sign();
      return { ...r, target: `${r.target}&x=1` };
    },
  ],
  [
    'an altered body',
    invalidSignature('SIGNATURE_WRONG'),
    (s) => ({ ...s.sign(), body: Buffer.from('{"durationSeconds":901}') }),
  ],
  [
    'an altered signed header',
    invalidSignature('SIGNATURE_WRONG'),
    (s) => withHeader(s.sign(), 'Content-Type', 'text/plain'),
  ],
  [
    'an altered host',
    invalidSignature('SIGNATURE_WRONG'),
    (s) => withHeader(s.sign(), 'Host', 'other.example'),
  ],
  [
    'an altered signature',
    invalidSignature('SIGNATURE_WRONG'),
    (s) => s.sign({ privateKey: deepLeaf.privateKey }),
  ],
  [
    'a no-break space after a signed header',
    invalidSignature('SIGNATURE_WRONG'),
    (s) => withHeader(s.sign(), 'Content-Type', 'application/json\u00a0'),
  ],
  [
    'a no-break space before a part of the authorization',
    invalidSignature('AUTHORIZATION_MALFORMED'),
    (s) => replaceInAuthorization(s.sign(), ', Signature', ',\u00a0Signature'),
  ],
  ['another path signed', invalidSignature('SIGNATURE_WRONG'), (s) => s.sign({ signedPath: '/' })],
  [
    'a raw ECDSA signature',
    invalidSignature('SIGNATURE_NOT_DER'),
    (s) => s.sign({ dsaEncoding: 'ieee-p1363' }),
  ],
  [
    'the RSA algorithm for an EC key',
    invalidSignature('ALGORITHM_MISMATCH'),
    (s) => s.sign({ algorithm: 'AWS4-X509-RSA-SHA256' }),
  ],
  [
    'an unknown algorithm',
    invalidSignature('ALGORITHM_UNKNOWN'),
    (s) => s.sign({ algorithm: 'AWS4-HMAC-SHA256' }),
  ],
  [
    'a signature in upper-case hex',
    invalidSignature('AUTHORIZATION_MALFORMED'),
    (s) => replaceInAuthorization(s.sign(), /Signature=30/, 'Signature=3A'),
  ],
  [
    'an authorization without signature',
    invalidSignature('AUTHORIZATION_MALFORMED'),
    (s) => replaceInAuthorization(s.sign(), /, Signature=.*/, ''),
  ],
  ['an empty chain header', invalidSignature('EMPTY_CHAIN_HEADER'), (s) => s.sign({ chainHeader: '' })],
  ['a blank chain header', invalidSignature('EMPTY_CHAIN_HEADER'), (s) => s.sign({ chainHeader: '  ' })],
  [
    'a certificate that is no base64',
    invalidSignature('CERTIFICATE_HEADER_MALFORMED'),
    (s) => s.sign({ certificateHeader: '*' }),
  ],
  [
    'a certificate in base64url',
    invalidSignature('CERTIFICATE_HEADER_MALFORMED'),
    (s) => s.sign({ certificateHeader: `${derBase64(certificates.leaf.certificatePem).slice(0, -4)}-_==` }),
  ],
  [
    'half a certificate',
    invalidSignature('CERTIFICATE_HEADER_MALFORMED'),
    (s) => s.sign({ certificateHeader: derBase64(certificates.leaf.certificatePem).slice(0, 200) }),
  ],
];

const UNTRUSTED = 'Untrusted signing certificate';
const UNABLE = 'Unable to assume role for arn:aws:iam::111122223333:role/uploader.';

const RESOURCE_ROWS: readonly Row[] = [
  [
    'six in the chain',
    denied('CHAIN_TOO_LONG', UNTRUSTED),
    (s) => deep(s, { chain: Array.from({ length: 6 }, () => intermediate.certificatePem) }),
  ],
  [
    'a chain entry that is no certificate',
    denied('CHAIN_MALFORMED', UNTRUSTED),
    (s) => deep(s, { chainHeader: `${derBase64(intermediate.certificatePem)},` }),
  ],
  [
    'a missing intermediate',
    denied('NO_PATH_TO_TRUST_ANCHOR', UNTRUSTED),
    (s) => s.sign({ certificate: deepLeaf.certificatePem, privateKey: deepLeaf.privateKey }),
  ],
  [
    'an unknown anchor',
    denied('TRUST_ANCHOR_NOT_FOUND', "Specified Trust Anchor wasn't found."),
    (s) => s.sign({ query: { ...s.arns, trustAnchorArn: `${s.trustAnchorArn}0` } }),
  ],
  [
    'an anchor of another region',
    denied('TRUST_ANCHOR_NOT_FOUND', "Specified Trust Anchor wasn't found."),
    (s) =>
      s.sign({ query: { ...s.arns, trustAnchorArn: s.trustAnchorArn.replace('us-east-1', 'us-east-2') } }),
  ],
  [
    'a disabled anchor',
    denied('TRUST_ANCHOR_DISABLED', 'Trust anchor is disabled'),
    (s) => {
      s.emulator.disableTrustAnchor(s.trustAnchorArn);
      return s.sign();
    },
  ],
  [
    'a deleted anchor',
    denied('TRUST_ANCHOR_NOT_FOUND', "Specified Trust Anchor wasn't found."),
    (s) => {
      s.emulator.deleteTrustAnchor(s.trustAnchorArn);
      return s.sign();
    },
  ],
  [
    'an unknown profile',
    denied('PROFILE_NOT_FOUND', 'Invalid or empty profile provided.'),
    (s) => s.sign({ query: { ...s.arns, profileArn: `${s.profileArn}0` } }),
  ],
  [
    'a disabled profile',
    denied('PROFILE_DISABLED', 'Profile is disabled'),
    (s) => {
      s.emulator.disableProfile(s.profileArn);
      return s.sign();
    },
  ],
  [
    'a role not in the profile',
    denied('ROLE_NOT_IN_PROFILE', "Requested Role isn't one of those listed in the Profile."),
    (s) => s.sign({ query: { ...s.arns, roleArn: `${s.roleArn}2` } }),
  ],
  [
    'a deleted role',
    denied('ROLE_NOT_FOUND', UNABLE),
    (s) => {
      s.emulator.deleteRole(s.roleArn);
      return s.sign();
    },
  ],
  [
    'a session name that is not accepted',
    denied('SESSION_NAME_NOT_ACCEPTED', 'Not authorized to set roleSessionName.'),
    (s) => s.sign({ body: '{"roleSessionName":"me"}' }),
  ],
  [
    'a duration out of range',
    {
      status: 400,
      errorType: 'ValidationException',
      text: "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
      reason: 'PARAMETERS_INVALID',
    },
    (s) => s.sign({ body: '{"durationSeconds":899}' }),
  ],
  [
    'a broken body',
    {
      status: 400,
      errorType: 'ValidationException',
      text: 'The body could not be read: it is not JSON',
      reason: 'BODY_MALFORMED',
    },
    (s) => s.sign({ body: '{' }),
  ],
  [
    'another method',
    { status: 404, errorType: 'UnknownOperationException', text: 'Not Found', reason: 'ROUTE_NOT_FOUND' },
    (s) => ({ ...s.sign(), method: 'GET' }),
  ],
  [
    'another path',
    { status: 404, errorType: 'UnknownOperationException', text: 'Not Found', reason: 'ROUTE_NOT_FOUND' },
    (s) => s.sign({ path: '/session' }),
  ],
  [
    'a target without its first slash',
    { status: 404, errorType: 'UnknownOperationException', text: 'Not Found', reason: 'ROUTE_NOT_FOUND' },
    (s) => ({ ...s.sign(), target: s.sign().target.slice(1) }),
  ],
];

describe('a sabotaged request is refused for its own reason', () => {
  test.each([...SIGNATURE_ROWS, ...RESOURCE_ROWS])('%s', async (_, expected, sabotage) => {
    const service = world();
    expect(await sendAndJudge(service, sabotage(service))).toEqual(expected);
  });

  test('the untouched requests are accepted', async () => {
    const service = world();
    expect(await sendAndJudge(service, service.sign())).toEqual(ACCEPTED);
    expect(await sendAndJudge(service, deep(service))).toEqual(ACCEPTED);
  });
});

describe('rules of profile and role', () => {
  test('a duration above the role maximum is refused', async () => {
    const service = world({ profile: { durationSeconds: 7200 } });
    expect(await sendAndJudge(service, service.sign({ body: '' }))).toEqual(
      denied(
        'DURATION_ABOVE_ROLE_MAXIMUM',
        `${UNABLE} The requested DurationSeconds exceeds the MaxSessionDuration set for this role.`,
      ),
    );
  });

  test('a trust policy that refuses is told with its reason', async () => {
    const policy = trustPolicy({ StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'server-2' } });
    const service = world({ role: { trustPolicy: policy } });
    expect(await sendAndJudge(service, service.sign())).toEqual(denied('TRUST_POLICY_REFUSED', UNABLE));
    expect(service.verdicts[0]).toMatchObject({
      message: expect.stringContaining('the value is ["server-1"]'),
      trustPolicy: [expect.stringContaining('StringEquals aws:PrincipalTag/x509Subject/CN ["server-2"]')],
    });
  });

  test('values that could not be tags are listed when the trust policy refuses', async () => {
    const leaf = await issueCertificate({ subject: 'CN=server (1)', issuer: certificates.root, ...dates });
    const service = world({
      role: { trustPolicy: trustPolicy({ Null: { 'aws:PrincipalTag/x509Subject/CN': false } }) },
    });
    const request = service.sign({ certificate: leaf.certificatePem, privateKey: leaf.privateKey });
    expect(await sendAndJudge(service, request)).toEqual(
      denied(
        'TRUST_POLICY_REFUSED',
        `${UNABLE} Some attributes failed to be mapped into session tags. Issuer: [  ]; Subject: [ CN ]; SAN: [  ]`,
      ),
    );
  });

  test('a trust policy with an unknown operator refuses, and the operator is named', async () => {
    const policy = trustPolicy({ IpAddress: { 'aws:SourceIp': '127.0.0.1' } });
    const service = world({ role: { trustPolicy: policy } });
    expect(await sendAndJudge(service, service.sign())).toEqual(
      denied('TRUST_POLICY_UNKNOWN_OPERATOR', UNABLE),
    );
    expect(service.verdicts[0]).toMatchObject({ message: expect.stringContaining('IpAddress is not known') });
  });

  test('a trust policy without sts:SetSourceIdentity refuses', async () => {
    const service = world({
      role: { trustPolicy: trustPolicy(undefined, ['sts:AssumeRole', 'sts:TagSession']) },
    });
    expect(await sendAndJudge(service, service.sign())).toEqual(denied('TRUST_POLICY_REFUSED', UNABLE));
    expect(service.verdicts[0]).toMatchObject({ message: expect.stringContaining('sts:SetSourceIdentity') });
  });

  test('missing instance properties are refused, present ones are accepted', async () => {
    const service = world({ profile: { requireInstanceProperties: true } });
    expect(await sendAndJudge(service, service.sign())).toMatchObject({
      status: 403,
      reason: 'INSTANCE_PROPERTIES_MISSING',
    });
    expect(service.verdicts[0]).toMatchObject({ emulatorText: true });
    expect(
      await sendAndJudge(service, service.sign({ body: '{"instanceProperties":{"host":"a"}}' })),
    ).toEqual(ACCEPTED);
  });

  test('an unknown anchor is a 404 when asked so', async () => {
    const service = world({ notFoundAs404: true });
    service.emulator.deleteProfile(service.profileArn);
    expect(await sendAndJudge(service, service.sign())).toEqual({
      status: 404,
      errorType: 'ResourceNotFoundException',
      text: 'Invalid or empty profile provided.',
      reason: 'PROFILE_NOT_FOUND',
    });
  });

  test('enabling again ends the refusal', async () => {
    const service = world();
    service.emulator.disableProfile(service.profileArn);
    service.emulator.disableTrustAnchor(service.trustAnchorArn);
    service.emulator.enableProfile(service.profileArn);
    service.emulator.enableTrustAnchor(service.trustAnchorArn);
    expect(await sendAndJudge(service, service.sign())).toEqual(ACCEPTED);
  });
});

const flip = (text: string, at: number): string => {
  const index = at % text.length;
  return `${text.slice(0, index)}${text[index] === '7' ? '8' : '7'}${text.slice(index + 1)}`;
};

describe('any one character', () => {
  const parts: Readonly<Record<string, (request: RawRequest, at: number) => RawRequest>> = {
    body: (request, at) => ({
      ...request,
      body: Buffer.from(flip(Buffer.from(request.body).toString(), at)),
    }),
    target: (request, at) => ({ ...request, target: flip(request.target, at) }),
    ...Object.fromEntries(
      ['Host', 'Content-Type', 'X-Amz-Date', 'X-Amz-X509', 'X-Amz-X509-Chain', 'Authorization'].map(
        (name) => [
          name,
          (request: RawRequest, at: number) => withHeader(request, name, flip(headerOf(request, name), at)),
        ],
      ),
    ),
  };

  test.each(Object.entries(parts))('changed in the %s is refused', async (_, change) => {
    const service = world();
    const request = deep(service);
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (at) => {
        expect((await service.emulator.handle(change(request, at))).status).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 50 },
    );
  });
});

describe('lenient', () => {
  test('an unsigned host is accepted and reported', async () => {
    const service = world({ lenient: true });
    expect(await sendAndJudge(service, deep(service, { signedHeaders: without('host') }))).toEqual(ACCEPTED);
    expect(service.verdicts[0]?.findings).toEqual([
      { code: 'HEADER_NOT_SIGNED', message: 'The signature does not cover host' },
    ]);
  });

  test('the algorithm name of another key type is accepted and reported', async () => {
    const service = world({ lenient: true });
    expect(await sendAndJudge(service, service.sign({ algorithm: 'AWS4-X509-RSA-SHA256' }))).toEqual(
      ACCEPTED,
    );
    expect(service.verdicts[0]?.findings).toMatchObject([{ code: 'ALGORITHM_MISMATCH' }]);
  });

  test('a wrong signature is still refused', async () => {
    const service = world({ lenient: true });
    const request = service.sign({ privateKey: deepLeaf.privateKey });
    expect(await sendAndJudge(service, request)).toEqual(invalidSignature('SIGNATURE_WRONG'));
  });
});

describe('the clock', () => {
  test.each([-300, 0, 300])('a date %i s off is accepted', async (seconds) => {
    const service = world();
    expect(await sendAndJudge(service, service.sign({ at: later(seconds) }))).toEqual(ACCEPTED);
  });

  test('the window can be narrower', async () => {
    const service = world({ clockToleranceSeconds: 10 });
    expect(await sendAndJudge(service, service.sign({ at: later(-11) }))).toEqual(
      invalidSignature('CLOCK_SKEWED'),
    );
  });

  test('a refusal shows the clock of the emulator in its Date header', async () => {
    const service = world();
    const response = await service.emulator.handle(service.sign({ at: later(-1800) }));
    expect(response.headers['Date']).toBe('Wed, 04 Mar 2026 05:06:07 GMT');
  });
});
