import type { AwsIdentityProperties } from '@aws-sdk/types';
import type { X509Identity } from '@rolesanywhere/signer';
import { createTransport } from '#transport';
import { createHandedOut } from './cache/handed-out.js';
import type { ClientConfig } from './config/client-config.js';
import { createConfigurationFinder } from './config/configuration.js';
import { sessionTargets } from './config/fallbacks.js';
import type { FromRolesAnywhereInit } from './config/from-roles-anywhere-init.js';
import type { ProviderEvent } from './events.js';
import type { EventFacts } from './events/published-event.js';
import { createFailover } from './failover.js';
import { createIdentityWatch } from './identity-watch.js';
import type { Haste, Renewed } from './refresh.js';
import type { Runtime } from './runtime.js';
import { callCreateSession, defaultTotalTimeoutMilliseconds } from './session-call.js';
import type { Session } from './session.js';
import { isHttpHandler, speaksHttp1 } from './transport/handler-transport.js';
import type { Transport } from './transport/transport.js';

/** The configuration of the client that asks for credentials. Its own credentials are never touched: that would recurse. */
export type CallerClientConfig = NonNullable<AwsIdentityProperties['callerClientConfig']>;

/** One CreateSession for this caller. */
export type SessionSource = (
  caller: CallerClientConfig | undefined,
  haste: Haste,
  forceRefresh?: boolean,
) => Promise<Renewed<Session>>;

/** What a session source needs beside the options. */
export interface SessionSourceTools {
  readonly runtime: Runtime;
  /** `caller` is the one for whom the call is made. Must not throw. */
  notify(event: ProviderEvent, caller: CallerClientConfig | undefined): void;
  /** Told what events say from now on. */
  learn(facts: Partial<EventFacts>): void;
}

/**
 * Composes the configuration, the caller's settings and the transport into calls. Keeps, for the life of the provider, its
 * own connection and what it learned about the clock.
 */
export function createSessionSource(init: FromRolesAnywhereInit, tools: SessionSourceTools): SessionSource {
  let ownTransport: Transport | undefined;
  let correctionMilliseconds = 0;
  const findConfiguration = createConfigurationFinder(init);
  let cacheTroubled = false;
  const handedOut = createHandedOut(() => tools.runtime.now());
  const watchIdentity = createIdentityWatch();
  const failover = createFailover(tools.runtime);
  return async (caller, haste, forceRefresh = false) => {
    const { fallbacks, ...found } = await findConfiguration(caller?.profile);
    tools.learn({ target: found.settings });
    const clientConfig = inherit(found.clientConfig, caller);
    const { requestHandler } = clientConfig;
    const transport = isHttpHandler(requestHandler)
      ? createTransport(requestHandler)
      : (ownTransport ??= createTransport(requestHandler));
    const keepCorrection = (milliseconds: number): void => {
      const changed = milliseconds !== correctionMilliseconds;
      correctionMilliseconds = milliseconds;
      if (changed) tools.notify({ type: 'clockCorrected', correctionMilliseconds }, caller);
    };
    const { cache } = init;
    const onIdentity = (identity: X509Identity): void => {
      const serialNumber = identity.certificate.serialNumber.toString(16);
      tools.learn({ certificate: { serialNumber, expiration: identity.expiration } });
      const news = watchIdentity(identity, tools.runtime.now() + correctionMilliseconds);
      for (const event of news) tools.notify(event, caller);
    };
    const cacheNews = {
      isKnown: (accessKeyId: string) => handedOut.has(accessKeyId),
      onHit: () => tools.notify({ type: 'cacheHit' }, caller),
      onTrouble: (error: unknown) => {
        if (cacheTroubled) return;
        cacheTroubled = true;
        tools.notify({ type: 'cacheFailed', error }, caller);
      },
    };
    const sent = await failover({
      targets: sessionTargets({ settings: found.settings, clientConfig }, fallbacks),
      totalTimeoutMilliseconds: init.totalTimeoutMilliseconds ?? defaultTotalTimeoutMilliseconds,
      call: (target, totalTimeoutMilliseconds) => {
        const sharing = cache && { cache, forceRefresh, ...cacheNews };
        const call = { ...target, totalTimeoutMilliseconds, transport, haste, sharing, onIdentity };
        return callCreateSession({ ...call, correctionMilliseconds, keepCorrection }, tools.runtime);
      },
      usedFallback: ({ settings: { trustAnchorArn, profileArn, roleArn } }) =>
        tools.notify({ type: 'fallbackUsed', trustAnchorArn, profileArn, roleArn }, caller),
    });
    const { session: value, ...life } = sent;
    handedOut.add(value);
    return { value, ...life };
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
