import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseCertificate } from '../../src/x509/certificate.js';
import { distinguishedNameText } from '../../src/x509/distinguished-name.js';
import { errorOf } from '../../../../tools/test-support/error-of.js';
import { issue } from '../support/issue.js';
import { readVectors } from '../support/vectors.js';

test.each(readVectors().map((vector) => [vector.name, vector] as const))(
  '%s: the facts are those that node:crypto reads',
  async (_, { inputs, expected }) => {
    const reference = new X509Certificate(inputs.certificatePem);
    const certificate = await parseCertificate(reference.raw, 'x');
    expect(certificate.serialNumber.toString()).toBe(expected.serialDecimal);
    expect(certificate.notBefore).toEqual(new Date(reference.validFrom));
    expect(certificate.notAfter).toEqual(new Date(reference.validTo));
    expect(certificate.subject).toBe(reference.subject.split('\n').toReversed().join(','));
    expect(certificate.issuer).toBe(reference.issuer.split('\n').toReversed().join(','));
    const kind = { RSA: 'AWS4-X509-RSA-SHA256', EC: 'AWS4-X509-ECDSA-SHA256', 'ML-DSA': 'AWS4-X509-MLDSA' };
    expect(kind[certificate.keyAlgorithm]).toBe(expected.algorithm);
  },
);

test.each([
  ['00', 0n],
  ['7f', 127n],
  ['80', 128n],
  ['ffffffffffffffffffffffffffffffffffffffff', 2n ** 160n - 1n],
])('the serial %s is %s', async (serialNumber, value) => {
  const { der } = issue({ subject: 'x', serialNumber });
  expect((await parseCertificate(der, 'x')).serialNumber).toBe(value);
});

test('a certificate with bytes behind it is refused', async () => {
  const der = Buffer.concat([issue({ subject: 'x' }).der, Buffer.from([0])]);
  expect(await errorOf(() => parseCertificate(der, 'a.pem'))).toMatchObject({
    code: 'CERTIFICATE_INVALID',
    message: expect.stringContaining('a.pem'),
  });
});

describe('the text of a name', () => {
  test.each([
    ['3000', ''],
    ['3010310e300c06035504030c05612c622b63', String.raw`CN=a\,b\+c`],
    ['300f310d300b06035504030c0420612023', String.raw`CN=\ a #`],
    ['300e310c300a06035504030c03612020', String.raw`CN=a \ `],
    ['300d310b300906035504030c02410a', String.raw`CN=A\0A`],
    ['301631143008060355040313014130080603550406130155', 'CN=A+C=U'],
    ['300f310d300b06032a03041e0400410042', '1.2.3.4=AB'],
    ['300d310b300906035504030402ff00', 'CN=#0402ff00'],
  ])('%s is %j', (hex, text) => {
    expect(distinguishedNameText(Buffer.from(hex, 'hex'))).toBe(text);
  });
});
