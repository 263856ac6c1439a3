import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  issueCertificateRevocationList,
  type IssueCertificateRevocationListInit,
  type IssuedCertificate,
  type PathVerdict,
} from '../../src/index.js';
import { authority, codesOf, DATES, ecKey, judge, leafOf } from '../test-authorities.js';

let root: IssuedCertificate;
let intermediate: IssuedCertificate;
let leaf: IssuedCertificate;

beforeAll(async () => {
  root = await authority('CN=Root');
  intermediate = await authority('CN=Intermediate', { issuer: root });
  leaf = await leafOf(intermediate);
});

const serialOf = ({ certificate }: IssuedCertificate) => ({ serialNumber: certificate.serialNumber });

async function judgeWith(
  ...lists: readonly Partial<IssueCertificateRevocationListInit>[]
): Promise<PathVerdict> {
  const revocationLists = [];
  for (const list of lists) {
    const dates = { thisUpdate: DATES.notBefore, nextUpdate: DATES.notAfter };
    const { crl } = await issueCertificateRevocationList({
      issuer: intermediate,
      revoked: [],
      ...dates,
      ...list,
    });
    revocationLists.push(crl);
  }
  return judge({ leaf, pool: [intermediate], anchors: [root], more: { revocationLists } });
}

describe('revocation lists', () => {
  test('a listed leaf is refused', async () => {
    const verdict = await judgeWith({
      revoked: [{ serialNumber: 1n }, { ...serialOf(leaf), reason: 'keyCompromise' }],
    });
    expect(verdict).toMatchObject({
      accepted: false,
      findings: [{ code: 'CERTIFICATE_REVOKED', group: 'revocation', certificate: leaf.certificate }],
    });
    expect(verdict.findings[0]?.message).toContain('keyCompromise');
  });

  test('a listed intermediate is refused', async () => {
    const verdict = await judgeWith({ issuer: root, revoked: [serialOf(intermediate)] });
    expect(verdict.findings).toMatchObject([
      { code: 'CERTIFICATE_REVOKED', certificate: intermediate.certificate },
    ]);
  });

  test('an unlisted leaf is accepted, and so is a list of another CA that has its number', async () => {
    const other = await authority('CN=Other');
    const verdict = await judgeWith(
      { revoked: [{ serialNumber: 1n }] },
      { issuer: other, revoked: [serialOf(leaf)] },
    );
    expect(verdict).toMatchObject({ accepted: true, findings: [] });
  });

  test('the anchor’s own list says nothing about the leaf of an intermediate', async () => {
    expect((await judgeWith({ issuer: root, revoked: [serialOf(leaf)] })).findings).toEqual([]);
  });

  test('one of several lists is enough', async () => {
    const verdict = await judgeWith({ revoked: [] }, { crlNumber: 2n, revoked: [serialOf(leaf)] });
    expect(codesOf(verdict)).toEqual(['CERTIFICATE_REVOKED']);
  });

  test('a list with a wrong signature is ignored with a warning', async () => {
    const verdict = await judgeWith({ revoked: [serialOf(leaf)], signingKey: ecKey() });
    expect(verdict).toMatchObject({
      accepted: true,
      findings: [{ code: 'CRL_SIGNATURE_INVALID', severity: 'warning' }],
    });
  });

  test('a list that should have been replaced is used, with a warning', async () => {
    const old = {
      thisUpdate: new Date('2020-01-01T00:00:00Z'),
      nextUpdate: new Date('2020-02-01T00:00:00Z'),
    };
    expect(await judgeWith(old)).toMatchObject({ accepted: true, findings: [{ code: 'CRL_EXPIRED' }] });
    expect(codesOf(await judgeWith({ ...old, revoked: [serialOf(leaf)] }))).toEqual([
      'CRL_EXPIRED',
      'CERTIFICATE_REVOKED',
    ]);
  });

  test('a list of the future is used, with a warning', async () => {
    const verdict = await judgeWith({ thisUpdate: DATES.notAfter, revoked: [serialOf(leaf)] });
    expect(codesOf(verdict)).toEqual(['CRL_NOT_YET_VALID', 'CERTIFICATE_REVOKED']);
  });

  test.each([
    ['delta', '2.5.29.27', [2, 1, 1]],
    ['partitioned', '2.5.29.28', [0x30, 3, 0x82, 1, 0xff]],
  ])('a %s list is ignored with a warning', async (_, oid, value) => {
    const extensions = [{ oid, critical: true, value: Uint8Array.from(value) }];
    const verdict = await judgeWith({ revoked: [serialOf(leaf)], extensions });
    expect(verdict).toMatchObject({ accepted: true, findings: [{ code: 'CRL_CRITICAL_EXTENSION_UNKNOWN' }] });
  });

  test('a list of a CA that may not sign lists is ignored with a warning', async () => {
    const bare = await authority('CN=Bare', { keyUsage: ['keyCertSign'] });
    const client = await leafOf(bare);
    const { crl } = await issueCertificateRevocationList({
      issuer: bare,
      revoked: [serialOf(client)],
      thisUpdate: DATES.notBefore,
    });
    const verdict = judge({ leaf: client, anchors: [bare], more: { revocationLists: [crl] } });
    expect(verdict).toMatchObject({
      accepted: true,
      findings: [{ code: 'CRL_SIGN_MISSING', severity: 'warning' }],
    });
  });

  test('removeFromCRL takes a certificate off the list, certificateHold keeps it on', async () => {
    expect((await judgeWith({ revoked: [{ ...serialOf(leaf), reason: 'removeFromCRL' }] })).accepted).toBe(
      true,
    );
    expect((await judgeWith({ revoked: [{ ...serialOf(leaf), reason: 'certificateHold' }] })).accepted).toBe(
      false,
    );
  });
});
