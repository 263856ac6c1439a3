/**
 * One fresh process, as JSON: how long the event loop is held while the first X.509-SVID is loaded and 200 signatures are made
 * at once, or how long malformed messages take to be refused. Arguments: `hold` and the socket of an agent, or `malformed`.
 */
import { fromSpiffe } from '@rolesanywhere/identity-spiffe';
import { expectTyped, longestAttempt, longestTurnOf, mutationsOf, truncationsOf } from './turns.js';
import { field, issueSvid, responseOf, startAgent } from './spiffe-agent.js';

const MEBIBYTES_4 = 4 * 1024 * 1024 - 16;

const [, , mode, path] = process.argv;
console.log(JSON.stringify(await (mode === 'hold' ? holdMilliseconds() : malformedMilliseconds())));

async function holdMilliseconds() {
  const provider = fromSpiffe({ endpoint: `unix://${path}` });
  const longest = await longestTurnOf(provider);
  await provider.close();
  return longest;
}

/** With the agent in the same process, whose time is a part of it. */
async function malformedMilliseconds() {
  const svid = await issueSvid();
  let message = responseOf(svid);
  const agent = await startAgent(() => message);
  for (let round = 0; round < 50; round += 1) await attempt(agent.path);
  const figures = await longestAttempt(malformed(svid), (bytes) => {
    message = bytes;
    return attempt(agent.path);
  });
  await agent.end();
  return figures;
}

async function attempt(socket) {
  const provider = fromSpiffe({ endpoint: `unix://${socket}`, timeoutMilliseconds: 5000 });
  await provider().catch(expectTyped);
  await provider.close();
}

function* malformed(svid) {
  const good = responseOf(svid);
  yield* truncationsOf(good);
  // None that leave a certificate intact which has ended: what is over is asked for again, which takes the time that it takes.
  yield* mutationsOf(good, 1000);
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
