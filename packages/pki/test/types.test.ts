import { expect, test } from '@jest/globals';
import type {
  Certificate,
  FindingCode,
  GeneralNameInit,
  IssueCertificateInit,
  KeyAlgorithm,
  KeyUsage,
  NameInit,
  PathVerdict,
  PkiErrorCode,
} from '../src/index.js';

/** The compiler is the test: each line that must not compile is marked, and an unused mark is an error. */
test('the types allow what is right and refuse what is wrong', () => {
  const usage: KeyUsage = 'digitalSignature';
  // @ts-expect-error not a key usage of RFC 5280
  const wrongUsage: KeyUsage = 'signing';
  const code: FindingCode = 'CERTIFICATE_REVOKED';
  // @ts-expect-error not a finding
  const wrongCode: FindingCode = 'REVOKED';
  // @ts-expect-error not an error code
  const wrongErrorCode: PkiErrorCode = 'MALFORMED';
  const name: NameInit = [
    { type: 'O', value: 'Example' },
    [
      { type: 'CN', value: 'a' },
      { type: 'UID', value: 'b' },
    ],
  ];
  const general: GeneralNameInit = { type: 'directoryName', value: name };
  // @ts-expect-error an address is text
  const wrongGeneral: GeneralNameInit = { type: 'ip', value: name };
  const algorithm: KeyAlgorithm = { type: 'EC', curve: 'P-521' };
  // @ts-expect-error RSA has no curve
  const wrongAlgorithm: KeyAlgorithm = { type: 'RSA', curve: 'P-256' };
  // @ts-expect-error a client certificate needs an issuer
  const wrongInit: IssueCertificateInit = { subject: 'CN=server' };
  expect([usage, wrongUsage, code, wrongCode, wrongErrorCode, general, wrongGeneral]).toHaveLength(7);
  expect([algorithm, wrongAlgorithm, wrongInit]).toHaveLength(3);
});

test('what was read or judged cannot be changed', () => {
  const change = (certificate: Certificate, verdict: PathVerdict): void => {
    // @ts-expect-error read-only
    certificate.serialNumber = 1n;
    // @ts-expect-error read-only
    verdict.findings.push();
  };
  expect(change).toBeInstanceOf(Function);
});
