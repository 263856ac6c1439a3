import { expect, test } from '@jest/globals';
import { createClock, elapsed } from '../src/instant.js';
import { createVirtualRuntime } from './support/virtual-runtime.js';

const hour = 3_600_000;

test('time goes by on both clocks alike', async () => {
  const runtime = createVirtualRuntime();
  const clock = createClock(runtime);
  const start = clock();
  await runtime.advance(hour);
  expect(elapsed(start, clock())).toBe(hour);
});

test('sleep, which only the wall clock sees, counts', () => {
  const runtime = createVirtualRuntime();
  const clock = createClock(runtime);
  const start = clock();
  runtime.jump(hour);
  expect(elapsed(start, clock())).toBe(hour);
});

test('a wall clock that is set back after a sleep makes nothing younger', async () => {
  const runtime = createVirtualRuntime();
  const clock = createClock(runtime);
  const start = clock();
  runtime.jump(hour);
  clock();
  runtime.jump(-5 * hour);
  expect(elapsed(start, clock())).toBe(hour);
  await runtime.advance(hour);
  expect(elapsed(start, clock())).toBe(2 * hour);
});

test('clocks that are read a million times and differ by less than a millisecond do not add up', () => {
  let time = 0;
  const clock = createClock({
    ...createVirtualRuntime(),
    now: () => Math.floor(time),
    monotonic: () => time,
  });
  const start = clock();
  for (let count = 0; count < 1_000_000; count += 1) {
    time += 0.1;
    clock();
  }
  expect(elapsed(start, clock())).toBeCloseTo(100_000, 0);
});
