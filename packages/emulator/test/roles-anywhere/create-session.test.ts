import { beforeAll, describe, expect, test } from '@jest/globals';
import { issueCertificate } from '@rolesanywhere/pki';
import type { RawResponse } from '../../src/http.js';
import { MintError, type Verdict } from '../../src/index.js';
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
import { ACCEPTED, denied, sendAndJudge } from '../support/send-and-judge.js';

const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER, keyAlgorithm: EC };
let certificates: TestCertificates;

beforeAll(async () => {
  certificates = await issueTestCertificates();
});

const world = (init: Partial<TestWorldInit> = {}): TestWorld => createTestWorld({ certificates, ...init });
interface SessionBody {
  readonly credentialSet: readonly [
    { readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } },
  ];
  readonly subjectArn: string;
}
const bodyOf = (response: RawResponse): SessionBody =>
  JSON.parse(Buffer.from(response.body).toString('utf8'));

describe('the answer', () => {
  test('has status 201 and the members of the service, and no others', async () => {
    const service = world();
    const response = await service.emulator.handle(service.sign());
    expect(response.status).toBe(201);
    expect(bodyOf(response)).toEqual({
      credentialSet: [
        {
          assumedRoleUser: {
            arn: 'arn:aws:sts::111122223333:assumed-role/uploader/01a2b3',
            assumedRoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}:01a2b3$/),
          },
          credentials: {
            accessKeyId: expect.stringMatching(/^ASIA[A-Z0-9]{16}$/),
            expiration: '2026-03-04T05:21:07Z',
            secretAccessKey: expect.stringMatching(/^.{40}$/),
            sessionToken: expect.any(String),
          },
          packedPolicySize: expect.any(Number),
          roleArn: service.roleArn,
          sourceIdentity: 'CN=server-1',
        },
      ],
      subjectArn: expect.stringMatching(
        /^arn:aws:rolesanywhere:us-east-1:111122223333:subject\/[a-f0-9-]{36}$/,
      ),
    });
  });

  test('carries request id, date and media type', async () => {
    const service = world();
    const { headers } = await service.emulator.handle(service.sign());
    expect(headers).toEqual({
      'Content-Type': 'application/json',
      Date: 'Wed, 04 Mar 2026 05:06:07 GMT',
      'x-amzn-RequestId': expect.stringMatching(/^[a-f0-9-]{36}$/),
    });
  });

  test('two certificates of one subject share a subject ARN, another subject has its own', async () => {
    const service = world();
    const renewed = await issueCertificate({
      subject: 'CN=server-1,OU=Build,O=Example',
      issuer: certificates.root,
      ...dates,
    });
    const other = await issueCertificate({ subject: 'CN=server-9', issuer: certificates.root, ...dates });
    const arns = [];
    for (const { certificatePem: certificate, privateKey } of [certificates.leaf, renewed, other]) {
      const response = await service.emulator.handle(service.sign({ certificate, privateKey }));
      arns.push(bodyOf(response).subjectArn);
    }
    expect(arns[0]).toBe(arns[1]);
    expect(arns[0]).not.toBe(arns[2]);
    expect(service.emulator.listSubjects()).toMatchObject([
      { subjectArn: arns[0], lastSerialNumber: renewed.certificate.serialNumber },
      { subjectArn: arns[2] },
    ]);
  });
});

describe('the session', () => {
  test.each([
    [900, 900],
    [7200, 1800],
    [undefined, 1800],
  ])('of %s requested seconds under a profile of 1800 lasts %i', async (requested, lasts) => {
    const service = world({ profile: { durationSeconds: 1800 } });
    await service.emulator.handle(service.sign({ body: JSON.stringify({ durationSeconds: requested }) }));
    expect(service.verdicts[0]).toMatchObject({ session: { durationSeconds: lasts } });
  });

  test('is named as the request says, where the profile accepts it', async () => {
    const service = world({ profile: { acceptRoleSessionName: true } });
    await service.emulator.handle(service.sign({ body: '{"roleSessionName":"me@host"}' }));
    expect(service.verdicts[0]).toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111122223333:assumed-role/uploader/me@host',
    });
  });

  test('is named by the unpadded serial number when asked so', async () => {
    const service = world({ serialPadding: 'none' });
    await service.emulator.handle(service.sign());
    expect(service.verdicts[0]).toMatchObject({ session: { roleSessionName: '1a2b3' } });
  });

  test('leaves the path of a role out of the assumed-role ARN', async () => {
    const service = world({ role: { path: '/team/' } });
    await service.emulator.handle(service.sign());
    expect(service.verdicts[0]).toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111122223333:assumed-role/uploader/01a2b3',
    });
  });

  test('carries source identity and tags of the certificate', async () => {
    const service = world();
    await service.emulator.handle(service.sign());
    expect(service.verdicts[0]).toMatchObject({
      session: {
        sourceIdentity: 'CN=server-1',
        sessionTags: {
          'x509Subject/CN': 'server-1',
          'x509Subject/OU': 'Build',
          'x509Subject/O': 'Example',
          'x509Issuer/CN': 'Test CA',
          'x509SAN/DNS': 'server-1.example',
        },
      },
    });
  });

  test('reports values that could not become tags', async () => {
    const leaf = await issueCertificate({ subject: 'CN=server (1)', issuer: certificates.root, ...dates });
    const service = world();
    const request = service.sign({ certificate: leaf.certificatePem, privateKey: leaf.privateKey });
    expect(await sendAndJudge(service, request)).toEqual(ACCEPTED);
    expect(service.verdicts[0]?.findings.map(({ code }) => code)).toEqual([
      'SOURCE_IDENTITY_UNUSUAL',
      'ATTRIBUTE_NOT_MAPPED',
    ]);
  });

  test('can be looked up by its access key id', async () => {
    const service = world();
    const { credentialSet } = bodyOf(await service.emulator.handle(service.sign()));
    const { accessKeyId, secretAccessKey } = credentialSet[0].credentials;
    expect(service.emulator.findSession(accessKeyId)).toMatchObject({
      accessKeyId,
      secretAccessKey,
      accountId: '111122223333',
      roleArn: service.roleArn,
      sourceIdentity: 'CN=server-1',
    });
    expect(service.emulator.findSession('ASIAUNKNOWN')).toBeUndefined();
  });
});

describe('the verdict', () => {
  test('shows canonical request, string to sign, certificate and path', async () => {
    const service = world();
    await service.emulator.handle(service.sign());
    expect(service.verdicts[0]).toMatchObject({
      outcome: 'accepted',
      status: 201,
      method: 'POST',
      certificate: { serialNumber: '1a2b3', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      signature: {
        algorithm: 'AWS4-X509-ECDSA-SHA256',
        signedHeaders: ['content-type', 'host', 'x-amz-date', 'x-amz-x509'],
        canonicalRequest: expect.stringMatching(/^POST\n\/sessions\nprofileArn=/),
        stringToSign: expect.stringMatching(
          /^AWS4-X509-ECDSA-SHA256\n20260304T050607Z\n20260304\/us-east-1\//,
        ),
      },
      path: [expect.stringContaining('CN=server-1'), 'CN=Test CA'],
    });
  });

  test('shows both derivations under a mount prefix', async () => {
    const service = world();
    await service.emulator.handle(service.sign({ path: '/base/sessions', signedPath: '/other' }));
    expect(service.verdicts[0]).toMatchObject({
      reason: 'SIGNATURE_WRONG',
      signature: {
        canonicalRequest: expect.stringContaining('POST\n/sessions\n'),
        overFullPath: { canonicalRequest: expect.stringContaining('POST\n/base/sessions\n') },
      },
    });
  });

  test('holds no credentials', async () => {
    const service = world();
    const text = Buffer.from((await service.emulator.handle(service.sign())).body).toString('utf8');
    const shown = JSON.stringify(service.verdicts, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const [, secret] of text.matchAll(/"(?:accessKeyId|secretAccessKey|sessionToken)":"([^"]+)"/g)) {
      expect(shown).not.toContain(secret);
    }
  });

  test('an error of onVerdict reaches the caller, once', async () => {
    const seen: Verdict[] = [];
    const service = world({
      onVerdict: (verdict) => {
        seen.push(verdict);
        throw new Error('seen');
      },
    });
    await expect(service.emulator.handle(service.sign())).rejects.toThrow('seen');
    expect(seen).toHaveLength(1);
  });
});

describe('the back end', () => {
  test('that refuses makes the role one that cannot be assumed', async () => {
    const service = world({
      mint: () => Promise.reject(new MintError('ASSUME_ROLE_REFUSED', 'AssumeRole: AccessDenied')),
    });
    expect(await sendAndJudge(service, service.sign())).toEqual(
      denied('ASSUME_ROLE_REFUSED', `Unable to assume role for ${service.roleArn}.`),
    );
    expect(service.verdicts[0]).toMatchObject({ message: 'AssumeRole: AccessDenied' });
  });

  test('that fails makes the answer a 500', async () => {
    const service = world({ mint: () => Promise.reject(new MintError('ASSUME_ROLE_FAILED', 'no answer')) });
    expect(await sendAndJudge(service, service.sign())).toEqual({
      status: 500,
      errorType: 'InternalServerException',
      text: 'Internal server error',
      reason: 'EMULATOR_FAILED',
    });
  });
});
