/** Step 8: four requests that must not get a session, and what the emulator found in each. */
import {
  createSession,
  fromPem,
  isRolesAnywhereError,
  type X509IdentityProvider,
} from '@rolesanywhere/credential-provider';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import type { Cloud } from './cloud.js';
import { say } from './narrator.js';
import { tamperWithRequests } from './tamper.js';

const HOUR = 3_600_000;

export interface DemoCertificates {
  readonly cloud: Cloud;
  readonly authority: IssuedCertificate;
  readonly server: IssuedCertificate;
}

export async function showRefusals({ cloud, authority, server }: DemoCertificates): Promise<void> {
  const expired = await issueCertificate({
    subject: 'CN=mi-servidor, O=Example',
    issuer: authority,
    keyAlgorithm: { type: 'EC' },
    notBefore: new Date(Date.now() - 48 * HOUR),
    notAfter: new Date(Date.now() - 24 * HOUR),
  });
  const foreignAuthority = await issueCertificateAuthority({
    subject: 'CN=Example Private CA, O=Example',
    keyAlgorithm: { type: 'EC' },
  });
  const foreign = await issueCertificate({
    subject: 'CN=mi-servidor, O=Example',
    issuer: foreignAuthority,
    keyAlgorithm: { type: 'EC' },
  });
  const proxy = await tamperWithRequests(cloud.rolesAnywhereUrl);
  try {
    const own = identityOf(server);
    await refuse('a request changed on its way', cloud, { identity: own, endpoint: proxy.url });
    await refuse('an expired certificate', cloud, { identity: identityOf(expired) });
    await refuse('a certificate of a foreign CA of the same name', cloud, { identity: identityOf(foreign) });
    await refuse('a role that is not in the profile', cloud, { identity: own, roleArn: cloud.otherRoleArn });
  } finally {
    await proxy.close();
  }
}

interface Attempt {
  readonly identity: X509IdentityProvider;
  readonly endpoint?: string;
  readonly roleArn?: string;
}

async function refuse(what: string, cloud: Cloud, attempt: Attempt): Promise<void> {
  const { trustAnchorArn, profileArn } = cloud;
  const input = { trustAnchorArn, profileArn, roleArn: attempt.roleArn ?? cloud.roleArn };
  const clientConfig = { endpoint: attempt.endpoint ?? cloud.rolesAnywhereUrl };
  try {
    await createSession(input, { identity: attempt.identity, clientConfig });
  } catch (error) {
    if (!isRolesAnywhereError(error)) throw error;
    say(what, `   ${error.code}: ${error.message}`);
    return;
  }
  throw new Error(`${what}: a session was given out`);
}

function identityOf({ certificatePem, privateKeyPem }: IssuedCertificate): X509IdentityProvider {
  return fromPem({ certificate: certificatePem, privateKey: privateKeyPem });
}
