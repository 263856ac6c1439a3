import { describe, expect, test } from '@jest/globals';
import { STSClient } from '@aws-sdk/client-sts';
import type { Memoize } from './support/fleet/memo-host.js';
import { peakToMean, simulateFleet, type FleetPlan } from './support/fleet/simulate-fleet.js';

/** The fleet and the quota of `bench/fleet.js`, both smaller by the same factor. */
const fleetOf = (hosts: number): Omit<FleetPlan, 'hours'> => ({
  hosts,
  quotaPerSecond: hosts / leastSeconds,
  burst: 10,
  sessionSeconds: 3600,
  seed: 1,
});
const leastSeconds = 1000;
const outage = { from: 8.25 * 3600, to: 8.5 * 3600 };

describe('2,500 hosts that all start at once', () => {
  test('have their sessions within 1.1 of the least possible time, with fewer than 9 calls a host', async () => {
    const start = await simulateFleet({ ...fleetOf(2500), hours: 0.31 });
    expect(start.startedAfterSeconds / leastSeconds).toBeLessThan(1.1);
    expect(start.startCallsPerHost).toBeLessThan(9);
  }, 60_000);

  test('would need more than 14 calls for that with exponential back-off and full jitter', async () => {
    const backOff = { baseSeconds: 1, factor: 2, capSeconds: 120, maxAttempts: Number.POSITIVE_INFINITY };
    const start = await simulateFleet({ ...fleetOf(2500), hours: 0.35, memoize: asItIs, backOff });
    expect(start.startedAfterSeconds / leastSeconds).toBeLessThan(1.1);
    expect(start.startCallsPerHost).toBeGreaterThan(14);
  }, 60_000);
});

describe('5,000 hosts that run', () => {
  test('call evenly after six hours, and are through an outage of 15 minutes without one let down', async () => {
    // One attempt a call: how a call is made is no matter here, and it takes its time.
    const backOff = { baseSeconds: 1, factor: 1, capSeconds: 1, maxAttempts: 1 };
    const life = await simulateFleet({ ...fleetOf(5000), hours: 9.75, outage, backOff });
    expect(peakToMean(life.callsByMinute, 6 * 60, 8.25 * 60)).toBeLessThan(1.5);
    expect(life.hostsLetDown).toBe(0);
    expect(life.leastLeftSeconds).toBeGreaterThan(60);
  }, 60_000);
});

test("hosts with nothing but the SDK's memo call in waves, and nearly all are let down by the same outage", async () => {
  const backOff = { baseSeconds: 1, factor: 2, capSeconds: 20, maxAttempts: 3 };
  const life = await simulateFleet({ ...fleetOf(100), hours: 9, outage, memoize, backOff });
  expect(peakToMean(life.sessionsByMinute, 6 * 60, 8.25 * 60)).toBeGreaterThan(3);
  expect(life.hostsLetDown).toBeGreaterThan(80);
}, 60_000);

/** No memo at all. */
const asItIs: Memoize = (provider) => provider;

/** The memo of the installed SDK, as its clients put it around a provider. */
const memoize: Memoize = (credentials) => {
  const client = new STSClient({ region: 'eu-central-1', credentials });
  return async () => {
    const { accessKeyId, secretAccessKey, expiration = new Date(0) } = await client.config.credentials();
    return { accessKeyId, secretAccessKey, expiration };
  };
};
