/**
 * Whole `signRequest` against the bare private-key operation in the same form (thread pool or sync): the price of everything
 * around it. Both sign a text that they have not signed before, of the length of a string to sign.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { fromPem, signRequest } from '@rolesanywhere/signer';
import { compare } from './compare.js';

const signInPool = promisify(sign);
const ARN = 'arn:aws:rolesanywhere:eu-central-1:111122223333';

const request = {
  method: 'POST',
  protocol: 'https:',
  hostname: 'rolesanywhere.eu-central-1.amazonaws.com',
  path: '/sessions',
  query: {
    profileArn: `${ARN}:profile/4d6b1f0e-0000-4000-8000-000000000001`,
    roleArn: 'arn:aws:iam::111122223333:role/ExampleRole',
    trustAnchorArn: `${ARN}:trust-anchor/4d6b1f0e-0000-4000-8000-000000000002`,
  },
  headers: { 'content-type': 'application/json' },
  body: '{"durationSeconds":3600}',
};

/** RSA-2048 works in the thread pool, P-256 on the loop: each is compared with the bare operation in that form. */
export async function signRequestRatios() {
  const issuer = await issueCertificateAuthority({ subject: 'CN=Bench CA', keyAlgorithm: { type: 'EC' } });
  const rsa = await ratio(issuer, { type: 'RSA', modulusLength: 2048 }, (message, key) =>
    signInPool('sha256', message, key),
  );
  const p256 = await ratio(issuer, { type: 'EC', curve: 'P-256' }, (message, key) =>
    sign('sha256', message, key),
  );
  return [
    {
      name: 'signRequestRsa2048',
      what: 'signRequest / bare RSA-2048 signature (thread pool)',
      value: Number(rsa.toFixed(3)),
      unit: '×',
      limit: 1.1,
    },
    {
      name: 'signRequestP256',
      what: 'signRequest / bare P-256 signature (sync)',
      value: Number(p256.toFixed(3)),
      unit: '×',
      limit: 1.5,
    },
  ];
}

async function ratio(issuer, keyAlgorithm, bare) {
  const issued = await issueCertificate({ subject: 'CN=bench', issuer, keyAlgorithm });
  const identity = await fromPem({
    certificate: issued.certificatePem,
    privateKey: issued.privateKeyPem,
  })();
  const key = createPrivateKey(issued.privateKeyPem);
  const text = 'x'.repeat(160);
  const context = { identity, region: 'eu-central-1', signingDate: new Date('2026-11-22T10:00:00Z') };
  const pairs = keyAlgorithm.type === 'RSA' ? { warmUp: 2000, rounds: 600 } : { warmUp: 5000, rounds: 3000 };
  return compare(
    () => signRequest(request, context),
    () => bare(Buffer.from(text), key),
    pairs,
  );
}
