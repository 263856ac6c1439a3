import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  issueCertificate,
  issueCertificateAuthority,
  issueCertificateRevocationList,
  type IssueCertificateInit,
  type IssuedCertificate,
} from '@rolesanywhere/pki';
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
import { ACCEPTED, denied, sendAndJudge, type Judged } from '../support/send-and-judge.js';

const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER, keyAlgorithm: EC };
const UNTRUSTED = 'Untrusted signing certificate';
const INSUFFICIENT = 'Untrusted certificate. Insufficient certificate';
const OUT_OF_DATE = 'Untrusted certificate. The certificate is not valid at this time';

let certificates: TestCertificates;
let foreignRoot: IssuedCertificate;

beforeAll(async () => {
  certificates = await issueTestCertificates();
  foreignRoot = await issueCertificateAuthority({ subject: 'CN=Foreign CA', ...dates });
});

const world = (init: Partial<TestWorldInit> = {}): TestWorld => createTestWorld({ certificates, ...init });
const leafOf = (change: Partial<IssueCertificateInit>): Promise<IssuedCertificate> =>
  issueCertificate({ subject: 'CN=server-2', issuer: certificates.root, ...dates, ...change });
const judge = (
  service: TestWorld,
  leaf: IssuedCertificate,
  chain?: readonly IssuedCertificate[],
): Promise<Judged> =>
  sendAndJudge(
    service,
    service.sign({
      certificate: leaf.certificatePem,
      privateKey: leaf.privateKey,
      ...(chain === undefined ? {} : { chain: chain.map(({ certificatePem }) => certificatePem) }),
    }),
  );

describe('a faulty certificate is refused for its own reason', () => {
  test.each<[string, Judged, Partial<IssueCertificateInit>]>([
    [
      'a CA as leaf',
      denied('LEAF_IS_CA', INSUFFICIENT),
      { basicConstraints: { ca: true }, keyUsage: ['digitalSignature', 'keyCertSign'] },
    ],
    [
      'no digitalSignature',
      denied('DIGITAL_SIGNATURE_MISSING', INSUFFICIENT),
      { keyUsage: ['keyEncipherment'] },
    ],
    ['no key usage at all', denied('DIGITAL_SIGNATURE_MISSING', INSUFFICIENT), { keyUsage: 'absent' }],
    ['version 1', denied('NOT_VERSION_3', INSUFFICIENT), { version: 1 }],
    ['an empty subject', denied('SUBJECT_EMPTY', INSUFFICIENT), { subject: '' }],
    ['a SHA-1 signature', denied('SIGNATURE_HASH_WEAK', INSUFFICIENT), { hash: 'SHA-1' }],
    [
      'an RSA key of 1024 bits',
      denied('KEY_TOO_SMALL', INSUFFICIENT),
      { keyAlgorithm: { type: 'RSA', modulusLength: 1024 } },
    ],
    ['expired', denied('CERTIFICATE_EXPIRED', OUT_OF_DATE), { notAfter: new Date('2026-03-04T05:06:06Z') }],
    [
      'not yet valid',
      denied('CERTIFICATE_NOT_YET_VALID', OUT_OF_DATE),
      { notBefore: new Date('2026-03-04T05:06:08Z') },
    ],
    ['a corrupted signature', denied('SIGNATURE_INVALID', UNTRUSTED), { signature: 'corrupted' }],
  ])('%s', async (_, expected, change) => {
    expect(await judge(world(), await leafOf(change))).toEqual(expected);
  });

  test('a foreign CA, even one that is sent along', async () => {
    const leaf = await leafOf({ issuer: foreignRoot });
    expect(await judge(world(), leaf)).toEqual(denied('NO_PATH_TO_TRUST_ANCHOR', UNTRUSTED));
    expect(await judge(world(), leaf, [foreignRoot])).toEqual(denied('NO_PATH_TO_TRUST_ANCHOR', UNTRUSTED));
  });

  test('a foreign CA of the same name', async () => {
    const impostor = await issueCertificateAuthority({ subject: 'CN=Test CA', ...dates });
    expect(await judge(world(), await leafOf({ issuer: impostor }))).toMatchObject({
      status: 403,
      text: UNTRUSTED,
    });
  });

  test('a leaf below a leaf', async () => {
    const below = await leafOf({ issuer: certificates.leaf });
    expect(await judge(world(), below, [certificates.leaf])).toMatchObject({ status: 403, text: UNTRUSTED });
  });

  test('an expired intermediate', async () => {
    const intermediate = await issueCertificateAuthority({
      subject: 'CN=Issuing',
      issuer: certificates.root,
      ...dates,
      notAfter: new Date('2026-02-01T00:00:00Z'),
    });
    expect(await judge(world(), await leafOf({ issuer: intermediate }), [intermediate])).toEqual(
      denied('CERTIFICATE_EXPIRED', OUT_OF_DATE),
    );
  });
});

describe('the text of an out-of-date certificate', () => {
  test('is marked as the words of the emulator', async () => {
    const service = world();
    await judge(service, await leafOf({ notAfter: new Date('2026-02-01T00:00:00Z') }));
    expect(service.verdicts[0]).toMatchObject({ emulatorText: true });
  });
});

const revoke = async (service: TestWorld, serialNumber: bigint): Promise<string> => {
  const { crlPem: crl } = await issueCertificateRevocationList({
    issuer: certificates.root,
    revoked: [{ serialNumber }],
    thisUpdate: NOT_BEFORE,
    nextUpdate: NOT_AFTER,
  });
  return service.emulator.importCrl({ trustAnchorArn: service.trustAnchorArn, crl }).crlArn;
};

describe('revocation', () => {
  test('a listed certificate is refused as long as the list is enabled', async () => {
    const service = world();
    const crlArn = await revoke(service, certificates.leaf.certificate.serialNumber);
    expect(await judge(service, certificates.leaf)).toEqual(
      denied('CERTIFICATE_REVOKED', 'Certificate revoked'),
    );
    service.emulator.disableCrl(crlArn);
    expect(await judge(service, certificates.leaf)).toEqual(ACCEPTED);
    service.emulator.enableCrl(crlArn);
    expect(await judge(service, certificates.leaf)).toMatchObject({ reason: 'CERTIFICATE_REVOKED' });
    service.emulator.deleteCrl(crlArn);
    expect(await judge(service, certificates.leaf)).toEqual(ACCEPTED);
  });

  test('another serial number in the list does no harm', async () => {
    const service = world();
    await revoke(service, 1n);
    expect(await judge(service, certificates.leaf)).toEqual(ACCEPTED);
  });
});

describe('extended key usage', () => {
  test('without clientAuth it is a warning', async () => {
    const service = world();
    expect(await judge(service, await leafOf({ extendedKeyUsage: ['serverAuth'] }))).toEqual(ACCEPTED);
    expect(service.verdicts[0]?.findings).toMatchObject([{ code: 'CLIENT_AUTH_MISSING' }]);
  });

  test('with the switch it is a refusal', async () => {
    const service = world({ requireClientAuthEku: true });
    expect(await judge(service, await leafOf({ extendedKeyUsage: ['serverAuth'] }))).toEqual(
      denied('CLIENT_AUTH_MISSING', INSUFFICIENT),
    );
  });
});
