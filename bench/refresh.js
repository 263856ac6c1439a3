/** A whole refresh in a warm process over TLS, against a bare script that does only that. */
import { Agent } from 'node:https';
import { bareRefresh } from './bare-refresh.js';
import { compare, median } from './compare.js';
import { arns, openRefreshWorld, region } from './refresh-world.js';

const PAIRS = { warmUp: 150, rounds: 40 };
const LIMIT = 1.2;

export async function refreshRatios() {
  return [...(await ofKey('RSA-2048', { type: 'RSA' })), ...(await ofKey('P-256', { type: 'EC' }))];
}

async function ofKey(key, keyAlgorithm) {
  const world = await openRefreshWorld(keyAlgorithm);
  const { issued, port, agentOptions } = world;
  const bare = bareRefresh({
    arns,
    port,
    region,
    agent: new Agent(agentOptions),
    key: issued.privateKey,
    der: Buffer.from(issued.certificate.der).toString('base64'),
    serialNumber: issued.certificate.serialNumber,
  });
  const [fromFiles, fromMemory] = [world.refreshFromFiles(), world.refreshFromMemory()];
  const withFiles = await compare(fromFiles, bare, PAIRS);
  const withoutFiles = await compare(fromMemory, bare, PAIRS);
  const milliseconds = await timeOf(fromFiles);
  world.close();
  const name = `refresh${key.replace('-', '')}`;
  return [
    ratio(name, `a refresh with ${key}, files read, / a bare script`, withFiles),
    ratio(`${name}InMemory`, `a refresh with ${key}, nothing read, / a bare script`, withoutFiles),
    {
      name: `${name}Milliseconds`,
      what: `a refresh with ${key}, files read`,
      value: milliseconds,
      unit: 'ms',
    },
  ];
}

function ratio(name, what, value) {
  return { name, what, value: Number(value.toFixed(3)), unit: '×', limit: LIMIT };
}

async function timeOf(refresh) {
  const times = [];
  for (let round = 0; round < 60; round += 1) {
    const started = process.hrtime.bigint();
    await refresh();
    times.push(Number(process.hrtime.bigint() - started) / 1e6);
  }
  return Number(median(times).toFixed(2));
}
