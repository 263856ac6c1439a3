/**
 * One fresh process, as JSON: how long the event loop is held while the first X.509-SVID is loaded and 200 signatures are made
 * at once, or how long malformed messages take to be refused. Arguments: `hold` and the socket of an agent, or `malformed`.
 */
import { fromSpiffe } from '@rolesanywhere/identity-spiffe';
import { field, issueSvid, responseOf, startAgent } from './spiffe-agent.js';

const SIGNATURES = 200;
const MEBIBYTES_4 = 4 * 1024 * 1024 - 16;

const [, , mode, path] = process.argv;
console.log(JSON.stringify(await (mode === 'hold' ? holdMilliseconds() : malformedMilliseconds())));

/** The time of the processor and not of the clock, since a busy machine takes it away for longer than anything holds the loop. */
async function holdMilliseconds() {
  let [longest, last, pending] = [0, process.cpuUsage(), true];
  const turn = () => {
    const { user, system } = process.cpuUsage(last);
    longest = Math.max(longest, (user + system) / 1000);
    last = process.cpuUsage();
    if (pending) setImmediate(turn);
  };
  setImmediate(turn);
  const provider = fromSpiffe({ endpoint: `unix://${path}` });
  const { key } = await provider();
  const message = Buffer.from('x'.repeat(160));
  await Promise.all(Array.from({ length: SIGNATURES }, () => key.sign(message)));
  pending = false;
  await new Promise((resolve) => setImmediate(resolve));
  await provider.close();
  return longest;
}

/** With the agent in the same process, whose time is a part of it. */
async function malformedMilliseconds() {
  const svid = await issueSvid();
  let message = responseOf(svid);
  const agent = await startAgent(() => message);
  for (let round = 0; round < 50; round += 1) await attempt(agent.path);
  let [longest, count] = [0, 0];
  for (message of malformed(svid)) {
    const before = process.cpuUsage();
    await attempt(agent.path);
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    count += 1;
  }
  await agent.end();
  return { longest, count };
}

async function attempt(socket) {
  const provider = fromSpiffe({ endpoint: `unix://${socket}`, timeoutMilliseconds: 5000 });
  await provider().catch((error) => {
    if (typeof error.code !== 'string') throw error;
  });
  await provider.close();
}

function* malformed(svid) {
  const good = responseOf(svid);
  for (let length = 0; length < good.length; length += 1) yield good.subarray(0, length);
  yield* mutations(good, 1000);
  for (const part of ['certificates', 'key']) {
    yield responseOf({
      ...svid,
      [part]: large(part, Buffer.alloc(MEBIBYTES_4 - good.length, '3080', 'hex')),
    });
    yield responseOf({ ...svid, [part]: large(part, Buffer.alloc(60_000, '3000', 'hex')) });
  }
  yield Buffer.concat(Array.from({ length: 1000 }, () => good));
  for (const filling of ['0a00', '0801', '0b', '0b0c', '0d00000000', 'ff', '00']) {
    yield Buffer.alloc(MEBIBYTES_4, filling, 'hex');
  }
  yield field(1, Buffer.alloc(MEBIBYTES_4, '0801', 'hex'));
}

function large(part, octets) {
  return part === 'key' ? octets : [octets];
}

/**
 * Octets of a generator with a fixed seed, so that every run tries the same. Those that leave a certificate intact which has
 * ended are none: what is over is asked for again, which takes the time that it takes.
 */
function* mutations(good, count) {
  let state = 1;
  const next = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let done = 0; done < count; done += 1) {
    const data = Buffer.from(good);
    for (let change = next(4); change >= 0; change -= 1) data[next(data.length)] = next(256);
    yield data;
  }
}
