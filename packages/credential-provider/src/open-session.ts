import { createTransport } from '#transport';
import type { CreateSessionInput } from './config/create-session-input.js';
import { resolveSettings } from './config/settings.js';
import type { SessionContext } from './create-session.js';
import { systemRuntime, type Runtime } from './runtime.js';
import { callCreateSession } from './session-call.js';
import type { Session } from './session.js';

/** `createSession` on a given clock: opens a connection unless it is given a handler, and closes it again. */
export async function openSession(
  input: CreateSessionInput,
  context: SessionContext,
  runtime: Runtime = systemRuntime,
): Promise<Session> {
  const source = { place: 'input', values: { ...input, identity: context.identity } };
  const settings = resolveSettings([source], context);
  const clientConfig = context.clientConfig ?? {};
  const logger = context.logger ?? clientConfig.logger;
  logger?.debug('@rolesanywhere/credential-provider - createSession');
  const transport = createTransport(clientConfig.requestHandler);
  const release = runtime.hold();
  try {
    const { totalTimeoutMilliseconds, abortSignal } = context;
    const call = { settings, clientConfig, totalTimeoutMilliseconds, abortSignal, transport };
    const memory = { correctionMilliseconds: 0, keepCorrection: () => undefined };
    return (await callCreateSession({ ...call, ...memory }, runtime)).session;
  } finally {
    release();
    transport.close();
  }
}
