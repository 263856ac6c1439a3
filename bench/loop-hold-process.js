/**
 * One fresh process: how long a refresh holds the event loop, as JSON. The first TLS context of the process is made before,
 * since Node takes long for it by itself. Argument: `RSA` or `EC`.
 */
import { createSecureContext } from 'node:tls';
import { openRefreshWorld } from './refresh-world.js';

const REFRESHES = 100;

const world = await openRefreshWorld({ type: process.argv[2] });
createSecureContext({ ca: world.agentOptions.ca });
const refresh = world.refreshFromFiles();
const first = await longestHold(refresh);
for (let round = 0; round < REFRESHES; round += 1) await refresh();
const [idle, later] = [[], []];
for (let round = 0; round < REFRESHES; round += 1) {
  idle.push(await longestHold(() => pause(4)));
  later.push(await longestHold(refresh));
}
world.close();
console.log(JSON.stringify({ idle, first, later }));

/**
 * Milliseconds that the longest turn of the event loop works while the promise is pending. The time of the processor and not
 * of the clock, since a busy machine takes the processor away for longer than a refresh holds it.
 */
async function longestHold(start) {
  let longest = 0;
  let pending = true;
  let last = process.cpuUsage();
  const turn = () => {
    const { user, system } = process.cpuUsage(last);
    longest = Math.max(longest, (user + system) / 1000);
    last = process.cpuUsage();
    if (pending) setImmediate(turn);
  };
  setImmediate(turn);
  await start();
  pending = false;
  await new Promise((resolve) => setImmediate(resolve));
  return longest;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
