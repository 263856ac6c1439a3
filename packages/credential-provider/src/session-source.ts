import type { AwsIdentityProperties } from '@aws-sdk/types';
import { createTransport } from '#transport';
import type { ClientConfig } from './config/client-config.js';
import { createConfigurationFinder } from './config/configuration.js';
import type { FromRolesAnywhereInit } from './config/from-roles-anywhere-init.js';
import type { ProviderEvent } from './events.js';
import type { Haste, Renewed } from './refresh.js';
import type { Runtime } from './runtime.js';
import { callCreateSession } from './session-call.js';
import type { Session } from './session.js';
import { isHttpHandler, speaksHttp1 } from './transport/handler-transport.js';
import type { Transport } from './transport/transport.js';

/** The configuration of the client that asks for credentials. Its own credentials are never touched: that would recurse. */
export type CallerClientConfig = NonNullable<AwsIdentityProperties['callerClientConfig']>;

/** One CreateSession for this caller. */
export type SessionSource = (
  caller: CallerClientConfig | undefined,
  haste: Haste,
) => Promise<Renewed<Session>>;

/** What a session source needs beside the options. */
export interface SessionSourceTools {
  readonly runtime: Runtime;
  /** `caller` is the one for whom the call is made. Must not throw. */
  notify(event: ProviderEvent, caller: CallerClientConfig | undefined): void;
}

/**
 * Composes the configuration, the caller's settings and the transport into calls. Keeps, for the life of the provider, its
 * own connection and what it learned about the clock.
 */
export function createSessionSource(init: FromRolesAnywhereInit, tools: SessionSourceTools): SessionSource {
  let ownTransport: Transport | undefined;
  let correctionMilliseconds = 0;
  const findConfiguration = createConfigurationFinder(init);
  return async (caller, haste) => {
    const { settings, clientConfig: configured } = await findConfiguration(caller?.profile);
    const clientConfig = inherit(configured, caller);
    const { requestHandler } = clientConfig;
    const transport = isHttpHandler(requestHandler)
      ? createTransport(requestHandler)
      : (ownTransport ??= createTransport(requestHandler));
    const keepCorrection = (milliseconds: number): void => {
      const changed = milliseconds !== correctionMilliseconds;
      correctionMilliseconds = milliseconds;
      if (changed) tools.notify({ type: 'clockCorrected', correctionMilliseconds }, caller);
    };
    const { totalTimeoutMilliseconds } = init;
    const call = { settings, clientConfig, totalTimeoutMilliseconds, transport, haste };
    const sent = await callCreateSession({ ...call, correctionMilliseconds, keepCorrection }, tools.runtime);
    return { value: sent.session, lifetimeMilliseconds: sent.lifetimeMilliseconds };
  };
}

/** What is not set here comes from the calling client: request handler (unless it speaks HTTP/2) and application id. */
function inherit(own: ClientConfig, caller: CallerClientConfig | undefined): ClientConfig {
  const handler = caller?.requestHandler;
  const usable = isHttpHandler(handler) && speaksHttp1(handler) ? handler : undefined;
  return {
    ...own,
    requestHandler: own.requestHandler ?? usable,
    userAgentAppId: own.userAgentAppId ?? (async () => caller?.userAgentAppId?.()),
  };
}
