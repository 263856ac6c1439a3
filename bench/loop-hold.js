/** How long a refresh holds the event loop: its longest turn, in a fresh process. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './compare.js';

const script = fileURLToPath(new URL('loop-hold-process.js', import.meta.url));

/**
 * What nine of ten refreshes stay below has the limit: the longest of all is as often the machine's as ours, and is given
 * beside that of a process that does nothing. The first refresh of a process also loads the code for it.
 */
export function loopHolds() {
  return [...ofKey('RSA-2048', 'RSA'), ...ofKey('P-256', 'EC')];
}

function ofKey(key, type) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const { idle, first, later } = JSON.parse(
    execFileSync(process.execPath, [script, type], { env, encoding: 'utf8' }),
  );
  const name = `loopHold${key.replace('-', '')}`;
  const what = `longest turn of the event loop in a refresh with ${key}`;
  const sorted = later.toSorted((a, b) => a - b);
  return [
    {
      ...figure(`${name}Milliseconds`, `${what}, nine of ten`, sorted[Math.floor(sorted.length * 0.9)]),
      limit: 3,
    },
    figure(`${name}MedianMilliseconds`, `${what}, median`, median(later)),
    figure(`${name}LongestMilliseconds`, `${what}, longest of ${later.length}`, Math.max(...later)),
    figure(
      `${name}IdleMilliseconds`,
      `the same of a process that waits, longest of ${idle.length}`,
      Math.max(...idle),
    ),
    figure(`${name}FirstMilliseconds`, `${what}, first of the process`, first),
  ];
}

function figure(name, what, value) {
  return { name, what, value: Number(value.toFixed(2)), unit: 'ms' };
}
