import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import { createEmulator, type Emulator, type EmulatorInit, type Verdict } from '../../src/index.js';
import { signTestRequest, TEST_DATE, type TestRequestInit } from './sign-test-request.js';

export const NOT_BEFORE = new Date('2026-01-01T00:00:00Z');
export const NOT_AFTER = new Date('2027-01-01T00:00:00Z');
export const EC = { type: 'EC', curve: 'P-256' } as const;

/** A trust policy that lets Roles Anywhere in, under conditions if given. */
export function trustPolicy(condition?: object, actions?: readonly string[]): object {
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'rolesanywhere.amazonaws.com' },
      Action: actions ?? ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  };
}

/** Certificates that many tests use; issuing them takes a moment, so a test file does it once. */
export interface TestCertificates {
  readonly root: IssuedCertificate;
  readonly leaf: IssuedCertificate;
}

export async function issueTestCertificates(): Promise<TestCertificates> {
  const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER };
  const root = await issueCertificateAuthority({ subject: 'CN=Test CA', keyAlgorithm: EC, ...dates });
  const leaf = await issueCertificate({
    subject: 'CN=server-1,OU=Build,O=Example',
    issuer: root,
    keyAlgorithm: EC,
    serialNumber: 0x1a2b3n,
    subjectAlternativeName: [{ type: 'dns', value: 'server-1.example' }],
    ...dates,
  });
  return { root, leaf };
}

/** An emulator with one anchor, one role and one profile, and a clock that stands still. */
export interface TestWorld {
  readonly emulator: Emulator;
  readonly verdicts: readonly Verdict[];
  readonly trustAnchorArn: string;
  readonly profileArn: string;
  readonly roleArn: string;
  readonly arns: { readonly trustAnchorArn: string; readonly profileArn: string; readonly roleArn: string };
  /** A right request by the leaf, or with parts replaced. */
  sign(change?: Partial<TestRequestInit>): ReturnType<typeof signTestRequest>;
}

export interface TestWorldInit extends EmulatorInit {
  readonly certificates: TestCertificates;
  readonly profile?: Partial<Parameters<Emulator['createProfile']>[0]>;
  readonly role?: Partial<Parameters<Emulator['createRole']>[0]>;
}

export function createTestWorld({ certificates, profile, role, ...init }: TestWorldInit): TestWorld {
  const { root, leaf } = certificates;
  const verdicts: Verdict[] = [];
  const emulator = createEmulator({
    clock: () => TEST_DATE,
    onVerdict: (verdict) => verdicts.push(verdict),
    ...init,
  });
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'test ca',
    certificates: root.certificatePem,
  });
  const { roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy: trustPolicy(), ...role });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn], ...profile });
  const arns = { trustAnchorArn, profileArn, roleArn };
  return {
    emulator,
    verdicts,
    ...arns,
    arns,
    sign: (change) =>
      signTestRequest({
        certificate: leaf.certificatePem,
        privateKey: leaf.privateKey,
        query: arns,
        body: '{"durationSeconds":900}',
        ...change,
      }),
  };
}
