import { issueCertificateAuthority, issueCertificate } from '@rolesanywhere/pki';

/** A self-signed server certificate for 127.0.0.1, made when it is asked for. */
export async function tlsCertificate(): Promise<{ key: string; cert: string }> {
  const issuer = await issueCertificateAuthority({ subject: 'CN=Test CA', keyAlgorithm: { type: 'EC' } });
  const server = await issueCertificate({
    subject: 'CN=127.0.0.1',
    issuer,
    keyAlgorithm: { type: 'EC' },
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
    subjectAlternativeName: [{ type: 'ip', value: '127.0.0.1' }],
  });
  return { key: server.privateKeyPem, cert: `${server.certificatePem}${issuer.certificatePem}` };
}
