import type { AttributedAwsCredentialIdentity, AwsCredentialIdentity } from '@aws-sdk/types';
import type { FromRolesAnywhereInit } from './config/from-roles-anywhere-init.js';
import type { RolesAnywhereCallProperties, RolesAnywhereCredentialProvider } from './credential-provider.js';
import { pauseDemand, toProviderError } from './errors.js';
import { logEvent, type ProviderEvent } from './events.js';
import { createEventPublisher } from './events/publish-event.js';
import type { EventFacts } from './events/published-event.js';
import { createRefresher, type Haste, type Renewed } from './refresh.js';
import { systemRuntime, type Runtime } from './runtime.js';
import type { CallerClientConfig, SessionSource } from './session-source.js';
import type { Session } from './session.js';

/** What `fromRolesAnywhere` gives, loaded: configuration, calls and refresh in one. */
export function createProvider(
  init: FromRolesAnywhereInit,
  runtime: Runtime = systemRuntime,
): RolesAnywhereCredentialProvider {
  const publishEvent = createEventPublisher(runtime);
  let facts: EventFacts = { target: init };
  const learn = (news: Partial<EventFacts>): void => {
    facts = { ...facts, ...news };
  };
  const notify = (event: ProviderEvent, caller: CallerClientConfig | undefined): void => {
    logEvent(init.logger ?? init.clientConfig?.logger ?? caller?.logger, event);
    publishEvent(event, facts);
  };
  let source: SessionSource | undefined;
  const renew = async ({ client, forceRefresh }: Asker, haste: Haste): Promise<Renewed<Session>> => {
    const { createSessionSource } = await import('./session-source.js');
    source ??= createSessionSource(init, { runtime, notify, learn });
    return source(client, haste, forceRefresh);
  };
  const refresher = createRefresher({
    runtime,
    renew,
    pauseDemand,
    notify: (event, { client }: Asker) => notify(event, client),
  });
  const provider = async (properties?: RolesAnywhereCallProperties): Promise<AwsCredentialIdentity> => {
    try {
      const forceRefresh = properties?.forceRefresh === true;
      return toCredentials(
        await refresher({ caller: { client: properties?.callerClientConfig, forceRefresh }, forceRefresh }),
      );
    } catch (error) {
      throw toProviderError(error);
    }
  };
  return Object.assign(provider, { memoized: true as const });
}

/** Whose question starts a flight, and whether a session that is there already would not do. */
interface Asker {
  readonly client: CallerClientConfig | undefined;
  readonly forceRefresh: boolean;
}

/** A new object per call: wrappers write into what they get. The SDK shows the account id only beside a `$source`. */
function toCredentials({ credentials, accountId }: Session): AttributedAwsCredentialIdentity {
  return {
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    sessionToken: credentials.sessionToken,
    expiration: new Date(credentials.expiration),
    ...(accountId === undefined ? {} : { accountId }),
    $source: {},
  };
}
