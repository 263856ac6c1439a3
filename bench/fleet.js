/**
 * `node bench/fleet.js [plot.svg]`: 10,000 hosts on a virtual clock against a service that gives 10 sessions a second, with
 * the provider's own refresh and retry code. Prints tables and writes a plot.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawFleet } from './fleet-plot.js';
import { loadSdkMemo, loadSimulation } from './fleet-simulation.js';
import { printTable } from './print-table.js';

const fleet = { hosts: 10_000, quotaPerSecond: 10, burst: 10, sessionSeconds: 3600 };
const leastSeconds = fleet.hosts / fleet.quotaPerSecond;
const hour = 3600;
/**
 * A quarter of an hour in the ninth hour. For this provider's fleet, which is spread evenly by then, one moment is like
 * another; the SDK's memo still refreshes all at once every 55 minutes, and this is when.
 */
const outage = { from: 8.25 * hour, to: 8.5 * hour };
const sdkRetry = { baseSeconds: 1, factor: 2, capSeconds: 20, maxAttempts: 3 };
const fullJitter = { baseSeconds: 1, factor: 2, maxAttempts: Infinity };

const memoize = await loadSdkMemo();
const ours = await loadSimulation();
const started = Date.now();

const starts = [
  ['this provider', await startOf(ours, {})],
  ...(await variants([60, 180, 600])),
  [
    "full jitter, the SDK's cap 20 s",
    await startOf(ours, { backOff: { ...fullJitter, capSeconds: 20 }, memoize }),
  ],
  ['full jitter, cap 120 s', await startOf(ours, { backOff: { ...fullJitter, capSeconds: 120 }, memoize })],
  ['full jitter, cap 600 s', await startOf(ours, { backOff: { ...fullJitter, capSeconds: 600 }, memoize })],
  [
    'full jitter, base 30 s, factor 4, cap 600 s',
    await startOf(ours, { backOff: { ...fullJitter, baseSeconds: 30, factor: 4, capSeconds: 600 }, memoize }),
  ],
  ["SDK's memo and standard retry", await startOf(ours, { backOff: sdkRetry, memoize })],
];
console.log(`Cold start of all at once; the least possible time is ${leastSeconds} s.`);
printTable([
  ['', 'until all have a session', 'calls per host'],
  ...starts.map(([name, { startedAfterSeconds, startCallsPerHost }]) => [
    name,
    `${(startedAfterSeconds / leastSeconds).toFixed(2)} x the least`,
    startCallsPerHost.toFixed(1),
  ]),
]);

const lives = [
  ['this provider', await lifeOf({})],
  ["SDK's memo and standard retry", await lifeOf({ backOff: sdkRetry, memoize })],
];
console.log(`\nNearly ten hours with sessions of one hour; the service is down for 15 minutes in the ninth.`);
printTable([
  ['', 'peak minute, hours 6-8', 'hosts let down', 'longest for a host', 'least life left at a refresh'],
  ...lives.map(([name, life]) => [
    name,
    `${ours.peakToMean(life.callsByMinute, 6 * 60, 8 * 60).toFixed(2)} x the mean`,
    String(life.hostsLetDown),
    `${Math.round(life.longestGapSeconds)} s`,
    `${Math.round(life.leastLeftSeconds)} s`,
  ]),
]);

const alone = { ...fleet, hosts: 1, seed: 1, hours: 1.1, outage: { from: 300, to: 3599 } };
const hosts = [
  ['this provider', await ours.simulateFleet(alone)],
  ["SDK's memo and standard retry", await ours.simulateFleet({ ...alone, backOff: sdkRetry, memoize })],
];
console.log(
  '\nOne host with a session of one hour; the service is down from minute 5 to the last second of it.',
);
printTable([
  ['', 'without credentials', 'calls in the outage'],
  ...hosts.map(([name, { longestGapSeconds, callsByMinute }]) => [
    name,
    `${Math.round(longestGapSeconds)} s`,
    String(callsByMinute.slice(5, 60).reduce((sum, calls) => sum + calls, 0)),
  ]),
]);

const file = process.argv[2] ?? fileURLToPath(new URL('out/fleet.svg', import.meta.url));
await mkdir(dirname(resolve(file)), { recursive: true });
await writeFile(file, drawFleet({ starts, lives, fleet, leastSeconds, outage }));
console.log(`\nPlot: ${file} (${Math.round((Date.now() - started) / 1000)} s)`);

async function startOf(simulation, plan) {
  return simulation.simulateFleet({ ...fleet, seed: 1, hours: 0.5, ...plan });
}

async function variants(waits) {
  const rows = [];
  for (const seconds of waits)
    rows.push([
      `this, longest wait ${seconds} s instead of 90 s`,
      await startOf(await loadSimulation(seconds), {}),
    ]);
  return rows;
}

function lifeOf(plan) {
  return ours.simulateFleet({ ...fleet, seed: 1, hours: 9.75, outage, ...plan });
}
