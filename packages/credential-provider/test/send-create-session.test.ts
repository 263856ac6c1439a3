import { expect, test } from '@jest/globals';
import { resolveEndpoint } from '../src/endpoint.js';
import { sendCreateSession, type SentSession } from '../src/send-create-session.js';
import { buildSessionRequest } from '../src/session-request.js';
import { startDeadline } from '../src/transport/deadline.js';
import type { TransportResponse } from '../src/transport/transport.js';
import { testIdentity } from './support/identity.js';
import { arns, rejectionOf } from './support/options.js';
import { sessionJson, wholeSeconds } from './support/session-server.js';
import { createVirtualRuntime, type VirtualRuntime } from './support/virtual-runtime.js';

const minute = 60_000;
const identity = testIdentity();

/** A session of one hour, given now. */
function giveSession(runtime: VirtualRuntime): TransportResponse {
  return {
    status: 201,
    headers: { date: new Date(runtime.now()).toUTCString() },
    body: new TextEncoder().encode(sessionJson({ expiration: wholeSeconds(runtime.now() + 60 * minute) })),
  };
}

async function send(
  runtime: VirtualRuntime,
  answer: () => Promise<TransportResponse>,
  maxAttempts = 1,
): Promise<SentSession> {
  const endpoint = await resolveEndpoint(arns.trustAnchorArn, {});
  const deadline = startDeadline(20_000, runtime);
  const order = {
    request: buildSessionRequest(arns, endpoint, undefined),
    endpoint,
    identity,
    roleArn: arns.roleArn,
    transport: { send: answer, close: () => undefined },
    maxAttempts,
    correctionMilliseconds: 0,
    keepCorrection: () => undefined,
  };
  return sendCreateSession(order, deadline, runtime);
}

test('a session lives from when it was asked for, by the service’s clock', async () => {
  const runtime = createVirtualRuntime();
  const sent = await send(runtime, async () => {
    const answer = giveSession(runtime);
    runtime.jump(5 * minute);
    return answer;
  });
  expect(sent.lifetimeMilliseconds).toBe(55 * minute - 1000);
});

test('a session whose answer lay unread in a sleep that outlasted it is not taken, and asked for again', async () => {
  const runtime = createVirtualRuntime();
  let calls = 0;
  const answer = async (): Promise<TransportResponse> => {
    calls += 1;
    const given = giveSession(runtime);
    if (calls === 1) runtime.jump(120 * minute);
    return given;
  };
  const sending = send(runtime, answer, 2);
  await runtime.advance(0);
  await runtime.advance(100);
  expect((await sending).lifetimeMilliseconds).toBe(60 * minute - 1000);
  expect(calls).toBe(2);
});

test('when there is no attempt left the error says so', async () => {
  const runtime = createVirtualRuntime();
  const error = await rejectionOf(
    send(runtime, async () => {
      const given = giveSession(runtime);
      runtime.jump(120 * minute);
      return given;
    }),
  );
  expect(error).toMatchObject({ code: 'TIMED_OUT', message: expect.stringContaining('had ended') });
});
