import { sign } from 'node:crypto';

import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  issueCertificate,
  issueCertificateAuthority,
  issueCertificateRevocationList,
  type IssuedCertificate,
} from '@rolesanywhere/pki';
import { ControlPlaneError, createEmulator, type Emulator } from '../src/index.js';
import { EC, NOT_AFTER, NOT_BEFORE, trustPolicy } from './support/create-test-world.js';
import { TEST_DATE } from './support/sign-test-request.js';

const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER, keyAlgorithm: EC };
let root: IssuedCertificate;
let other: IssuedCertificate;

beforeAll(async () => {
  root = await issueCertificateAuthority({ subject: 'CN=Root', ...dates });
  other = await issueCertificateAuthority({ subject: 'CN=Other', ...dates });
});

const emulator = (): Emulator => createEmulator({ clock: () => TEST_DATE, region: 'eu-west-1' });
const refusal = (message: string) =>
  expect.objectContaining({ name: 'ValidationException', message: expect.stringContaining(message) });

describe('trust anchors', () => {
  test('an anchor gets an ARN of the emulator', () => {
    const { trustAnchorArn } = emulator().createTrustAnchor({
      name: 'my ca',
      certificates: root.certificatePem,
    });
    expect(trustAnchorArn).toMatch(
      /^arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor\/[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}$/,
    );
  });

  test('ids come from the injected randomness', () => {
    const zeros = createEmulator({ random: (bytes) => new Uint8Array(bytes), clock: () => TEST_DATE });
    const { trustAnchorId } = zeros.createTrustAnchor({ name: 'ca', certificates: root.certificatePem });
    expect(trustAnchorId).toBe('00000000-0000-4000-8000-000000000000');
  });

  test('an id may be given', () => {
    const trustAnchorId = '00000141-1111-4111-8111-000000000141';
    const anchor = emulator().createTrustAnchor({
      name: 'ca',
      certificates: root.certificatePem,
      trustAnchorId,
    });
    expect(anchor.trustAnchorArn).toMatch(/\/00000141-1111-4111-8111-000000000141$/);
  });

  test('two certificates are taken, three are not', () => {
    const pems = [root.certificatePem, other.certificatePem];
    expect(emulator().createTrustAnchor({ name: 'ca', certificates: pems }).certificates).toHaveLength(2);
    expect(() =>
      emulator().createTrustAnchor({ name: 'ca', certificates: [...pems, root.certificatePem] }),
    ).toThrow(refusal('1 or 2 certificates, and 3 were given'));
  });

  test('a certificate that is no CA is refused in the words of the service', async () => {
    const { certificatePem } = await issueCertificate({ subject: 'CN=leaf', issuer: root, ...dates });
    expect(() => emulator().createTrustAnchor({ name: 'ca', certificates: certificatePem })).toThrow(
      refusal('Incorrect basic constraints for CA certificate'),
    );
  });

  test('a CA without keyCertSign is refused in the same words', async () => {
    const { certificatePem } = await issueCertificateAuthority({
      subject: 'CN=ca',
      keyUsage: ['digitalSignature'],
      ...dates,
    });
    expect(() => emulator().createTrustAnchor({ name: 'ca', certificates: certificatePem })).toThrow(
      refusal('Incorrect basic constraints for CA certificate'),
    );
  });

  test('a CA signed with SHA-1 is refused', async () => {
    const { certificatePem } = await issueCertificateAuthority({ subject: 'CN=ca', hash: 'SHA-1', ...dates });
    expect(() => emulator().createTrustAnchor({ name: 'ca', certificates: certificatePem })).toThrow(
      ControlPlaneError,
    );
  });

  test('text that is no certificate is refused', () => {
    expect(() => emulator().createTrustAnchor({ name: 'ca', certificates: 'hello' })).toThrow(
      ControlPlaneError,
    );
  });

  test.each(['', 'a/b', 'ü', 'a'.repeat(256)])('the name "%s" is refused', (name) => {
    expect(() => emulator().createTrustAnchor({ name, certificates: root.certificatePem })).toThrow(
      refusal("at 'name'"),
    );
  });
});

describe('profiles and roles', () => {
  test('a profile has the defaults of the service, but is enabled', () => {
    expect(emulator().createProfile({ name: 'p', roleArns: [] })).toMatchObject({
      durationSeconds: 3600,
      acceptRoleSessionName: false,
      requireInstanceProperties: false,
      enabled: true,
    });
  });

  test.each([899, 43_201, 1000.5])('a duration of %d seconds is refused', (durationSeconds) => {
    expect(() => emulator().createProfile({ name: 'p', roleArns: [], durationSeconds })).toThrow(
      refusal("at 'durationSeconds'"),
    );
  });

  test('251 roles are refused', () => {
    const roleArns = Array.from({ length: 251 }, (_, index) => `arn:aws:iam::111122223333:role/r${index}`);
    expect(() => emulator().createProfile({ name: 'p', roleArns })).toThrow(refusal('at most 250'));
  });

  test('what is no role ARN is refused', () => {
    expect(() => emulator().createProfile({ name: 'p', roleArns: ['arn:aws:iam::1:user/x'] })).toThrow(
      refusal('roleArns'),
    );
  });

  test('a specifier that the service does not know is refused', () => {
    const attributeMappings = { x509SAN: ['*'] };
    expect(() => emulator().createProfile({ name: 'p', roleArns: [], attributeMappings })).toThrow(
      refusal("'*'"),
    );
  });

  test('a role has its path in the ARN', () => {
    const { roleArn, roleId } = emulator().createRole({
      roleName: 'r',
      path: '/team/ci/',
      trustPolicy: trustPolicy(),
    });
    expect(roleArn).toBe('arn:aws:iam::111122223333:role/team/ci/r');
    expect(roleId).toMatch(/^AROA[A-Z0-9]{17}$/);
  });

  test.each([
    ['a name with a slash', { roleName: 'a/b' }],
    ['a path without slash at the end', { path: '/a' }],
    ['a maximum under an hour', { maximumSessionDurationSeconds: 3599 }],
    ['a malformed trust policy', { trustPolicy: {} }],
  ])('a role with %s is refused', (_, change) => {
    expect(() => emulator().createRole({ roleName: 'r', trustPolicy: trustPolicy(), ...change })).toThrow(
      ControlPlaneError,
    );
  });
});

/** DER of 1.2.840.113549.1.1.11, and of 1.2.840.113549.1.1.99 which stands for nothing. */
const SHA256_WITH_RSA = '06092a864886f70d01010b';
const UNKNOWN_ALGORITHM = '06092a864886f70d010163';

const list = (issuer: IssuedCertificate) =>
  issueCertificateRevocationList({ issuer, revoked: [{ serialNumber: 5n }], thisUpdate: NOT_BEFORE });

describe('revocation lists', () => {
  test('a list of the anchor is taken, two at most', async () => {
    const service = emulator();
    const { trustAnchorArn } = service.createTrustAnchor({ name: 'ca', certificates: root.certificatePem });
    const { crlPem: crl } = await list(root);
    const { crlArn } = service.importCrl({ trustAnchorArn, crl });
    expect(crlArn).toContain(':crl/');
    service.importCrl({ trustAnchorArn, crl });
    expect(() => service.importCrl({ trustAnchorArn, crl })).toThrow(refusal('two CRLs already'));
    service.deleteCrl(crlArn);
    expect(service.importCrl({ trustAnchorArn, crl }).enabled).toBe(true);
  });

  test('a list of another CA is refused', async () => {
    const service = emulator();
    const { trustAnchorArn } = service.createTrustAnchor({ name: 'ca', certificates: root.certificatePem });
    const { crlPem: crl } = await list(other);
    expect(() => service.importCrl({ trustAnchorArn, crl })).toThrow(refusal('is not signed by'));
  });

  test('a list that another key signed is refused', async () => {
    const service = emulator();
    const { trustAnchorArn } = service.createTrustAnchor({ name: 'ca', certificates: root.certificatePem });
    const { crlPem: crl } = await issueCertificateRevocationList({
      issuer: root,
      revoked: [],
      signingKey: other.privateKey,
    });
    expect(() => service.importCrl({ trustAnchorArn, crl })).toThrow(refusal('is not signed by'));
  });

  test('a list that names a signature algorithm nobody knows is refused, whatever its signature', async () => {
    const service = emulator();
    const ca = await issueCertificateAuthority({
      subject: 'CN=RSA CA',
      notBefore: NOT_BEFORE,
      notAfter: NOT_AFTER,
    });
    const { trustAnchorArn } = service.createTrustAnchor({ name: 'ca', certificates: ca.certificatePem });
    const { crl } = await list(ca);
    const tbsStart = Buffer.from(crl.der).indexOf(crl.tbs);
    const der = Buffer.from(
      Buffer.from(crl.der).toString('hex').replaceAll(SHA256_WITH_RSA, UNKNOWN_ALGORITHM),
      'hex',
    );
    const tbs = der.subarray(tbsStart, tbsStart + crl.tbs.length);
    sign('sha256', tbs, ca.privateKey).copy(der, der.length - crl.signature.length);
    const pem = `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----`;
    expect(() => service.importCrl({ trustAnchorArn, crl: pem })).toThrow(refusal('is not signed by'));
  });

  test('text that is no list is refused', () => {
    const service = emulator();
    const { trustAnchorArn } = service.createTrustAnchor({ name: 'ca', certificates: root.certificatePem });
    expect(() => service.importCrl({ trustAnchorArn, crl: root.certificatePem })).toThrow(ControlPlaneError);
  });
});

test('an unknown ARN is a ResourceNotFoundException with status 404', () => {
  const notFound = expect.objectContaining({ name: 'ResourceNotFoundException', status: 404 });
  const service = emulator();
  expect(() => service.deleteTrustAnchor('arn:x')).toThrow(notFound);
  expect(() => service.enableProfile('arn:x')).toThrow(notFound);
  expect(() => service.deleteRole('arn:x')).toThrow(notFound);
  expect(() => service.disableCrl('arn:x')).toThrow(notFound);
  expect(() => service.importCrl({ trustAnchorArn: 'arn:x', crl: 'x' })).toThrow(notFound);
});
