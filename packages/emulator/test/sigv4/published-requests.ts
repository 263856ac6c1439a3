import type { RawRequest } from '../../src/http.js';

/**
 * Two requests of `aws_signing_helper` 1.1.1 as printed in the TESTING file of salrashid123/aws_rolesanywhere_signer
 * (Apache-2.0): one with an RSA-2048 key, one with a P-384 key.
 */
export const publishedRequests: readonly PublishedRequest[] = [
  {
    name: 'RSA-2048',
    request: publishedRequest({
      algorithm: 'AWS4-X509-RSA-SHA256',
      serial: '21',
      longDate: '20240706T113859Z',
      trustAnchorId: 'a545a1fc-5d86-4032-8f4c-61cdd6ff92da',
      certificate:
        'MIIENTCCAx2gAwIBAgIBFTANBgkqhkiG9w0BAQsFADBMMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGR29vZ2xlMRMwEQYDVQQLDApFbnRlcnByaXNlMRcwFQYDVQQDDA5TaW5nbGUgUm9vdCBDQTAeFw0yNDA1MTgxNDQ5MzFaFw0zNDA1MTgxNDQ5MzFaMFMxCzAJBgNVBAcMAlVTMQ8wDQYDVQQKDAZHb29nbGUxEzARBgNVBAsMCkVudGVycHJpc2UxHjAcBgNVBAMMFWFsaWNlLWNlcnQuZG9tYWluLmNvbTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAOwmW5PGCbkRYKrWjyFstW6KUjC2g6EMWOdhrnUiDYrJ2tyY0DIgowUX9MFdBvfXBQmB4BMm1750U0/g4TV5brxyByNhQWljGBb0J40cMzFZYWzBdvAs5Xzp1NCTKwcndxAvq8EBeBwnaOcouu9khP5iL9TxqMqD3ydRUKO4UXgLBL7VtUOhTIn6eCLWRVDyShooAKVqFYQbRlHeLTxlwouckx1T2k80NB+109SngaorRIC0/1hRLOfL1FMYraNJgZtRxUpd8Kd99+vMAIkTnzaej00jfvI23cvM47Z7sblNhxKKMy2WjMEKbpijVCmYhnmXM0JtyuFhe7wgDTBUkj8CAwEAAaOCARkwggEVMA4GA1UdDwEB/wQEAwIHgDAJBgNVHRMEAjAAMBMGA1UdJQQMMAoGCCsGAQUFBwMCMB0GA1UdDgQWBBTW9zsS63ojE7V+aUGi5iy4VCcdWDAfBgNVHSMEGDAWgBTs8OpTUz+fI9zBDjEQNwfe3udu8zBFBggrBgEFBQcBAQQ5MDcwNQYIKwYBBQUHMAKGKWh0dHA6Ly9wa2kuZXNvZGVtb2FwcDIuY29tL2NhL3Jvb3QtY2EuY2VyMDoGA1UdHwQzMDEwL6AtoCuGKWh0dHA6Ly9wa2kuZXNvZGVtb2FwcDIuY29tL2NhL3Jvb3QtY2EuY3JsMCAGA1UdEQQZMBeCFWFsaWNlLWNlcnQuZG9tYWluLmNvbTANBgkqhkiG9w0BAQsFAAOCAQEAgPktGR1U2f8mT6PLYtYutejj0su5qxOeOV5EcARm3H2mVS3+GyKxyaADaFJdwuwPPTO/64Do2HxwImXC59CNKbOwyOLi10QeJD9AqsHSvCqwTsT7oWpMO64ngBGa9QuUh/C1UGKKqj8Sqsnf/IsfNQ28Y0x0dQUiue/005Ef2+8gqt22gyNwwfvFSPscrXGCA10V8wvq8jp8k2GZTQr8w0EhP0Hpnts9IXuhGO4HCIZA2MGwdZqliEFhwgQlDzD145OFe1CJTRm7fbbSHDROZwMKPc31mDuCn4PcDtcM+VF5lAH35DghJaX92xyYm+ECPhMBAVqkA8e1WaZdGKi03Q==',
      signature:
        '500d79d98f50408908db67bd9b794cef9233768063c301d520a792cfc1e84644386a908e67e88003cc98478ae3fec8cd8fd7c42a137b7d338d8d58f250f58a78faa0530a5e90a16be0a98b53162e4dd4b124a753fdcd007f106f82346f424024399fe8af0cb95dbf0601ce37c12747c35f8c1f2ac03289982de9fecfb15a0186575ba2040329ccedc7526b339367b39b76a1b9b834622af0fd7cc11c5fe458ce62da3a7b4fbede02a921134498c50992267249a28d3defd2cb31a7927cdbba56e02f3ce027aadcd60449b6274e3daef6766163a2eb848e4339e7f9ca88b36c83edd6ef28952b10dec2a97eee7780a07d15f8a4b707211c3445b0b367dffff45d',
    }),
    canonicalRequestHash: '0341377207232aa5da02d53ac67e71211fab7a4dd4cfc5f63c6121b17f540268',
    stringToSignHash: '28cae239229b5f528203336b57abd5f1ce614d0608f1118dc0d9561861666112',
  },
  {
    name: 'P-384',
    request: publishedRequest({
      algorithm: 'AWS4-X509-ECDSA-SHA256',
      serial: '3',
      longDate: '20240706T143004Z',
      trustAnchorId: '1cb4e36e-e4ad-4bbb-9b37-fdafb2cbe4fe',
      certificate:
        'MIICxjCCAkygAwIBAgIBAzAKBggqhkjOPQQDAjBQMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGR29vZ2xlMRMwEQYDVQQLDApFbnRlcnByaXNlMRswGQYDVQQDDBJFbnRlcnByaXNlIFJvb3QgQ0EwHhcNMjQwNzA2MTM1NDM4WhcNMzQwNzA2MTM1NDM4WjBTMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGR29vZ2xlMRMwEQYDVQQLDApFbnRlcnByaXNlMR4wHAYDVQQDDBVhbGljZS1jZXJ0LmRvbWFpbi5jb20wdjAQBgcqhkjOPQIBBgUrgQQAIgNiAAQyphA+fjw2izjBi/1DbhmdU7GdlwH8kAsnmsnz6ZAEI1SmGHPq+p+GU5B6kxxEUV9HIK9NKrUHmgq57nMK8hURUNgvZO1g4lm3NCOmwxiWdhpUVwebj9EIkXo5hGjAq0yjgfYwgfMwDgYDVR0PAQH/BAQDAgeAMAkGA1UdEwQCMAAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFIgAM2YwMfgPo08j4fO4HSjxtLkDMB8GA1UdIwQYMBaAFDbwo13LgAyeM5VcrAzwf+Bvt4C5MEUGCCsGAQUFBwEBBDkwNzA1BggrBgEFBQcwAoYpaHR0cDovL3BraS5lc29kZW1vYXBwMi5jb20vY2Evcm9vdC1jYS5jZXIwOgYDVR0fBDMwMTAvoC2gK4YpaHR0cDovL3BraS5lc29kZW1vYXBwMi5jb20vY2Evcm9vdC1jYS5jcmwwCgYIKoZIzj0EAwIDaAAwZQIwZt7SNQq5I5NaWRSetokyWveXDoJXP+Qy51aUtR92NGBTFDMdJ+Kav5Ak+A9JaukwAjEAz/f5gpyVDsHFOpIgA+ebloEoUHOJgYQTB/BBMksRg5aPssVHvSEWcXymhXH0NBh6',
      signature:
        '3065023100cacc4b06cc8de2a5a11daf3e0a03423da6b7ad17dc4f54cbafe0102824f36c65ed6c04554e5864f31eea0f4b0d2c496d02302f600f65512e17a454a9b10b5b0aaf2882a37cc4bab3e14c0ee3c627b5f02bbe457126471c186712e4650e2bbe6db273',
    }),
    canonicalRequestHash: 'c1adf18de77fe52de7033c03fd27177013d13109afbf37c48cadd1973350d4d7',
    stringToSignHash: '1e17de2c1fb9e034cb39a20178dd5bd55bc56436ed1853e82ae981d263ab5c7b',
  },
];

export interface PublishedRequest {
  readonly name: string;
  readonly request: RawRequest;
  readonly canonicalRequestHash: string;
  readonly stringToSignHash: string;
}

interface PublishedParts {
  readonly algorithm: string;
  readonly serial: string;
  readonly longDate: string;
  readonly trustAnchorId: string;
  readonly certificate: string;
  readonly signature: string;
}

function publishedRequest(parts: PublishedParts): RawRequest {
  const scope = `${parts.longDate.slice(0, 8)}/us-east-2/rolesanywhere/aws4_request`;
  const account = 'arn%3Aaws%3Arolesanywhere%3Aus-east-2%3A291738886548';
  const query = [
    `profileArn=${account}%3Aprofile%2F6f4943fb-13d4-4242-89c4-be367595c380`,
    'roleArn=arn%3Aaws%3Aiam%3A%3A291738886548%3Arole%2Frolesanywhere1',
    `trustAnchorArn=${account}%3Atrust-anchor%2F${parts.trustAnchorId}`,
  ].join('&');
  return {
    method: 'POST',
    target: `/sessions?${query}`,
    rawHeaders: [
      ['Host', '127.0.0.1:8080'],
      ['Content-Type', 'application/json'],
      ['X-Amz-Date', parts.longDate],
      ['X-Amz-X509', parts.certificate],
      [
        'Authorization',
        `${parts.algorithm} Credential=${parts.serial}/${scope}, SignedHeaders=content-type;host;x-amz-date;x-amz-x509, Signature=${parts.signature}`,
      ],
    ],
    body: Buffer.from('{"durationSeconds":3600}'),
  };
}
