/** Requests that must not get a session: what our client says, and what the emulator found behind the flat 403. */
import {
  createSession,
  fromPem,
  isRolesAnywhereError,
  type X509Identity,
} from '@rolesanywhere/credential-provider';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import type { Cloud } from './cloud.js';
import { say } from './narrator.js';
import { tamperWithRequests } from './tamper.js';

const DAY = 24 * 3_600_000;
const SUBJECT = 'CN=mi-servidor, O=Example';

export interface DemoCertificates {
  readonly cloud: Cloud;
  readonly authority: IssuedCertificate;
  readonly server: IssuedCertificate;
}

export async function showRefusals({ cloud, authority, server }: DemoCertificates): Promise<void> {
  const identity = await identityOf(server);
  const proxy = await tamperWithRequests(cloud.rolesAnywhereUrl);
  try {
    await refuse('a request changed on its way', cloud, { identity, endpoint: proxy.url });
  } finally {
    await proxy.close();
  }

  const expired = await issueCertificate({
    subject: SUBJECT,
    issuer: authority,
    privateKey: server.privateKey,
    notBefore: new Date(Date.now() - 2 * DAY),
    notAfter: new Date(Date.now() - DAY),
  });
  await refuseBeforeSending('an expired certificate', expired);
  const careless = withCertificateOf(expired, identity);
  await refuse('the same from a client that does not look at the date', cloud, { identity: careless });

  const foreignAuthority = await issueCertificateAuthority({ subject: 'CN=Example Private CA, O=Example' });
  const foreign = await issueCertificate({ subject: SUBJECT, issuer: foreignAuthority });
  await refuse('a certificate of a foreign CA of the same name', cloud, {
    identity: await identityOf(foreign),
  });
  await refuse('a role that is not in the profile', cloud, { identity, roleArn: cloud.otherRoleArn });
}

interface Attempt {
  readonly identity: X509Identity;
  readonly endpoint?: string;
  readonly roleArn?: string;
}

async function refuse(what: string, cloud: Cloud, attempt: Attempt): Promise<void> {
  const { trustAnchorArn, profileArn } = cloud;
  const input = { trustAnchorArn, profileArn, roleArn: attempt.roleArn ?? cloud.roleArn };
  const clientConfig = { endpoint: attempt.endpoint ?? cloud.rolesAnywhereUrl };
  const call = createSession(input, { identity: attempt.identity, clientConfig });
  const code = await refusalOf(what, call);
  const verdict = cloud.lastVerdict();
  if (verdict?.outcome !== 'refused') throw new Error(`${what}: the emulator did not refuse it`);
  say(
    what,
    `   the service answers   ${verdict.status} ${verdict.errorType}: ${verdict.text}`,
    `   the client rejects    ${code}`,
    `   the emulator knows    ${verdict.reason}: ${verdict.message}`,
  );
}

async function refuseBeforeSending(what: string, issued: IssuedCertificate): Promise<void> {
  const code = await refusalOf(what, identityOf(issued));
  say(what, `   the client rejects    ${code}, before anything is sent`);
}

async function refusalOf(what: string, call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (isRolesAnywhereError(error)) return error.code;
    throw error;
  }
  throw new Error(`${what}: it was not refused`);
}

function identityOf({ certificatePem, privateKeyPem }: IssuedCertificate): Promise<X509Identity> {
  return fromPem({ certificate: certificatePem, privateKey: privateKeyPem })();
}

/** An identity put together by hand skips the checks that `createX509Identity` makes. */
function withCertificateOf({ certificate }: IssuedCertificate, identity: X509Identity): X509Identity {
  const { der, serialNumber, notBefore, notAfter } = certificate;
  const { subject, issuer, keyAlgorithm } = identity.certificate;
  return {
    ...identity,
    certificate: { der, serialNumber, notBefore, notAfter, subject, issuer, keyAlgorithm },
  };
}
