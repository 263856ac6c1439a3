import { findDiagnosticsChannels } from '../config/environment.js';
import type { ProviderEvent } from '../events.js';
import type { Runtime } from '../runtime.js';
import { eventChannels } from './event-channels.js';
import type { EventFacts } from './published-event.js';
import { publishedType, toPublished } from './to-published.js';

/** Publishes an event to whoever listens. Never throws. */
export type PublishEvent = (event: ProviderEvent, facts: EventFacts) => void;

/**
 * The events of one provider, which has one refresh under way at a time. Costs next to nothing while nobody listens, and
 * nothing is published where there is no `node:diagnostics_channel`.
 */
export function createEventPublisher(runtime: Pick<Runtime, 'now' | 'monotonic'>): PublishEvent {
  const module = findDiagnosticsChannels();
  // Held: when a channel that nobody holds is collected, Node 20 may drop a subscription that was made since.
  const channels = new Map(Object.values(eventChannels).map((name) => [name, module?.channel(name)]));
  let started = 0;
  return (event, facts) => {
    if (event.type === 'refreshStarted') started = runtime.monotonic();
    const channel = channels.get(eventChannels[publishedType(event)]);
    if (channel?.hasSubscribers !== true) return;
    try {
      const time = new Date(runtime.now());
      const durationMilliseconds = runtime.monotonic() - started;
      channel.publish(toPublished(event, { time, ...facts, durationMilliseconds }));
    } catch {
      // Node itself reports what a subscriber throws; where that is not so, there is nowhere to report it.
    }
  };
}
