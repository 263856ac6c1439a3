/** What the READMEs take for granted: the ARNs that stand in them, a certificate with its key, a bucket. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { type AwsWorld, startAwsWorld } from '../../../../tools/test-support/aws-world.js';

/** Starts it, and writes `server.crt`, `server.key` and `objeto.txt` into a folder. */
export async function startReadmeWorld(folder: string): Promise<AwsWorld> {
  const keyAlgorithm = { type: 'RSA', modulusLength: 2048 } as const;
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm });
  const server = await issueCertificate({ subject: 'CN=server', issuer, keyAlgorithm });
  writeFileSync(join(folder, 'server.crt'), server.certificatePem);
  writeFileSync(join(folder, 'server.key'), server.privateKeyPem);
  writeFileSync(join(folder, 'objeto.txt'), 'Hola.\n');
  return startAwsWorld({
    trustAnchorPem: issuer.certificatePem,
    trustAnchorId: '11111111-1111-4111-8111-111111111111',
    profileId: '22222222-2222-4222-8222-222222222222',
  });
}
