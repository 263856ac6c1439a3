import { expect, test } from '@jest/globals';
import * as pki from '../src/index.js';

test('the package exports these values and no others', () => {
  expect(Object.keys(pki).toSorted()).toEqual([
    'FINDING_RULES',
    'KEY_USAGES',
    'PKI_ERROR_CODES',
    'PkiError',
    'REVOCATION_REASONS',
    'certificateToPem',
    'issueCertificate',
    'issueCertificateAuthority',
    'issueCertificateRevocationList',
    'judgePath',
    'judgeTrustAnchor',
    'parseCertificate',
    'parseCertificateRevocationList',
    'parseCertificates',
  ]);
});
