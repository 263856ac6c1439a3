/** Turns the events of the credential providers of this process into OpenTelemetry metrics. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Attributes, Meter } from '@opentelemetry/api';
import {
  eventChannels,
  type EventFacts,
  type PublishedEvent,
  type PublishedEvents,
} from '@rolesanywhere/credential-provider';

type Channel = keyof PublishedEvents;

/**
 * Records what happens from now on with this meter. Durations are in seconds.
 * @returns ends it
 */
export function recordProviderMetrics(meter: Meter): () => void {
  const refreshes = meter.createHistogram('rolesanywhere.refresh.duration', {
    unit: 's',
    description: 'How long a refresh took, by how it ended.',
  });
  const failures = meter.createGauge('rolesanywhere.refresh.failures', {
    description: 'Failed refreshes in a row; 0 after a good one.',
  });
  const clock = meter.createGauge('rolesanywhere.clock.correction', {
    unit: 's',
    description: "How far the service's clock is ahead.",
  });
  const happenings = meter.createCounter('rolesanywhere.events', { description: 'Events by their type.' });
  const session = expirationGauge(meter, 'rolesanywhere.session.remaining');
  const certificate = expirationGauge(meter, 'rolesanywhere.certificate.remaining');

  const failed = (
    event: PublishedEvents['refreshFailed'] | PublishedEvents['refreshFailedButValid'],
  ): void => {
    const outcome = event.type === 'refreshFailed' ? 'failed' : 'failed but valid';
    const attributes = { ...attributesOf(event), outcome, 'error.type': event.error.code };
    refreshes.record(event.durationMilliseconds / 1000, attributes);
    failures.record(event.failures, attributesOf(event));
  };
  const listeners: { readonly [Name in Channel]?: (event: PublishedEvents[Name]) => void } = {
    refreshSucceeded: (event) => {
      const attributes = attributesOf(event);
      refreshes.record(event.durationMilliseconds / 1000, { ...attributes, outcome: 'succeeded' });
      failures.record(0, attributes);
      session.set(event.expiration, attributes);
      if (event.certificate !== undefined) certificate.set(event.certificate.expiration, attributes);
    },
    refreshFailed: failed,
    refreshFailedButValid: failed,
    clockCorrected: (event) => clock.record(event.correctionMilliseconds / 1000, attributesOf(event)),
  };
  const stops = Object.values(eventChannels).map((name) =>
    listen(name, (event) => {
      happenings.add(1, { ...attributesOf(event), type: event.type });
      // The listener of this name takes the event of this type.
      const listener = listeners[event.type] as ((event: PublishedEvent) => void) | undefined;
      listener?.(event);
    }),
  );
  return () => {
    for (const stop of stops) stop();
    session.end();
    certificate.end();
  };
}

/** What a subscriber throws becomes an uncaught exception, and metrics are not worth that. */
function listen(channel: string, listener: (event: PublishedEvent) => void): () => void {
  const subscriber = (message: unknown): void => {
    try {
      // These channels publish nothing else.
      listener(message as PublishedEvent);
    } catch (error) {
      console.error(error);
    }
  };
  subscribe(channel, subscriber);
  return () => unsubscribe(channel, subscriber);
}

/** Few values: one row for each role that is used, not for each session. */
function attributesOf({ target }: EventFacts): Attributes {
  return { 'aws.role.arn': target.roleArn, 'aws.trust_anchor.arn': target.trustAnchorArn };
}

/** Shows at every export how many seconds are left until the newest expiration, negative after it. */
function expirationGauge(
  meter: Meter,
  name: string,
): { set(end: Date, attributes: Attributes): void; end(): void } {
  const newest = new Map<string, { readonly end: Date; readonly attributes: Attributes }>();
  const gauge = meter.createObservableGauge(name, { unit: 's', description: 'Time until it expires.' });
  const observe: Parameters<typeof gauge.addCallback>[0] = (result) => {
    for (const { end, attributes } of newest.values())
      result.observe((end.getTime() - Date.now()) / 1000, attributes);
  };
  gauge.addCallback(observe);
  return {
    set: (end, attributes) => newest.set(JSON.stringify(attributes), { end, attributes }),
    end: () => gauge.removeCallback(observe),
  };
}
