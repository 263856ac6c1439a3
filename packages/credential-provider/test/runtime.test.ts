import { expect, test } from '@jest/globals';
import { systemRuntime } from '../src/runtime.js';

/** Timers that keep this process alive. */
function liveTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test('a timer calls back, and does not keep a finished process alive', async () => {
  const before = liveTimers();
  const called = new Promise<string>((resolve) => {
    systemRuntime.after(5, () => resolve('called'));
  });
  expect(liveTimers()).toBe(before);
  expect(await called).toBe('called');
});

test('a timer that is cancelled never calls back', async () => {
  let called = false;
  systemRuntime.after(1, () => {
    called = true;
  })();
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  expect(called).toBe(false);
});

test('a hold keeps the process alive until it is released', () => {
  const before = liveTimers();
  const release = systemRuntime.hold();
  expect(liveTimers()).toBe(before + 1);
  release();
  expect(liveTimers()).toBe(before);
});

test('the clocks go on', () => {
  expect(systemRuntime.now()).toBeGreaterThan(1e12);
  expect(systemRuntime.monotonic()).toBeGreaterThan(0);
  expect(systemRuntime.random()).toBeLessThan(1);
});
