import type { X509Identity } from '@rolesanywhere/signer';
import { resolveEndpoint } from '../../../src/endpoint.js';
import type { Haste } from '../../../src/refresh.js';
import { defaultMaxAttempts } from '../../../src/retry.js';
import { sendCreateSession, type SentSession } from '../../../src/send-create-session.js';
import { buildSessionRequest } from '../../../src/session-request.js';
import { startDeadline } from '../../../src/transport/deadline.js';
import { arns } from '../options.js';
import type { QuotaService } from './quota-service.js';
import type { Timeline } from './timeline.js';

/** One CreateSession as the provider sends it: request, signature, retries, judgement of the answer. */
export type SessionCaller = (haste: Haste) => Promise<Pick<SentSession, 'lifetimeMilliseconds'>>;

const totalTimeoutMilliseconds = 20_000;

/** The call of every host of a fleet. Only the key is made light, since 300,000 real signatures would tell nothing new. */
export async function createSessionCaller(timeline: Timeline, service: QuotaService): Promise<SessionCaller> {
  const endpoint = await resolveEndpoint(arns.trustAnchorArn, {});
  const order = {
    request: buildSessionRequest(arns, endpoint, undefined),
    endpoint,
    identity: lightIdentity,
    roleArn: arns.roleArn,
    transport: { send: () => service.call(), close: () => undefined },
    correctionMilliseconds: 0,
    keepCorrection: () => undefined,
  };
  return async (haste) => {
    const deadline = startDeadline(totalTimeoutMilliseconds, timeline.runtime);
    const maxAttempts = haste === 'calm' ? 1 : defaultMaxAttempts;
    try {
      return await sendCreateSession({ ...order, maxAttempts }, deadline, timeline.runtime);
    } finally {
      deadline.end();
    }
  };
}

const lightIdentity: X509Identity = {
  certificate: {
    der: new Uint8Array(500),
    serialNumber: 255n,
    notBefore: new Date(0),
    notAfter: new Date('2099-01-01T00:00:00Z'),
    subject: 'CN=host',
    issuer: 'CN=fleet CA',
    keyAlgorithm: 'EC',
  },
  chain: [],
  key: { algorithm: 'AWS4-X509-ECDSA-SHA256', sign: async () => new Uint8Array(70) },
  expiration: new Date('2099-01-01T00:00:00Z'),
};
