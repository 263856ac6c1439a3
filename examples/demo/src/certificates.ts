/** Steps 1 and 5: the authority (RSA 4096) and the server's certificate (RSA 2048), as PEM files in the folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import { say } from './narrator.js';

export async function makeCertificateAuthority(folder: string): Promise<IssuedCertificate> {
  const authority = await issueCertificateAuthority({
    subject: 'CN=Example Private CA, O=Example',
    keyAlgorithm: { type: 'RSA', modulusLength: 4096 },
  });
  write(folder, 'ca', authority);
  return authority;
}

export async function makeServerCertificate(
  folder: string,
  issuer: IssuedCertificate,
): Promise<IssuedCertificate> {
  const server = await issueCertificate({
    subject: 'CN=mi-servidor, O=Example',
    issuer,
    keyAlgorithm: { type: 'RSA', modulusLength: 2048 },
  });
  write(folder, 'server', server);
  return server;
}

function write(folder: string, name: string, issued: IssuedCertificate): void {
  writeFileSync(join(folder, `${name}.crt`), issued.certificatePem);
  writeFileSync(join(folder, `${name}.key`), issued.privateKeyPem, { mode: 0o600 });
  const { subject, issuer, serialNumber, notAfter, publicKey } = issued.certificate;
  say(
    `${name}.crt  ${subject.text}, RSA ${publicKey.modulusLength}, issued by ${issuer.text}`,
    `        serial ${serialNumber.toString(16)}, valid until ${notAfter.toISOString().slice(0, 10)}`,
    `${name}.key  the private key, readable by you only`,
  );
}
