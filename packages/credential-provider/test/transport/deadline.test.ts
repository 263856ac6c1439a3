import { expect, test } from '@jest/globals';
import { startDeadline } from '../../src/transport/deadline.js';
import { rejectionOf } from '../support/options.js';
import { createVirtualRuntime } from '../support/virtual-runtime.js';

const never = new Promise<never>(() => undefined);

test('settles as the promise does while there is time', async () => {
  const deadline = startDeadline(100, createVirtualRuntime());
  expect(await deadline.race(Promise.resolve('done'), 'late')).toBe('done');
  expect(await rejectionOf(deadline.race(Promise.reject(new Error('broken')), 'late'))).toEqual(
    new Error('broken'),
  );
});

test('rejects with TIMED_OUT and the message when the time is up, and aborts its signal', async () => {
  const runtime = createVirtualRuntime();
  const deadline = startDeadline(100, runtime);
  const raced = rejectionOf(deadline.race(never, 'late'));
  await runtime.advance(99);
  expect(deadline.remainingMilliseconds()).toBe(1);
  expect(deadline.signal.aborted).toBe(false);
  await runtime.advance(1);
  expect(await raced).toMatchObject({ code: 'TIMED_OUT', message: 'late' });
  expect(deadline.signal.aborted).toBe(true);
  expect(await rejectionOf(deadline.race(never, 'later'))).toMatchObject({ message: 'later' });
});

test('passes on the reason of the outer signal', async () => {
  const controller = new AbortController();
  const deadline = startDeadline(100, createVirtualRuntime(), controller.signal);
  const raced = rejectionOf(deadline.race(never, 'late'));
  controller.abort('enough');
  expect(await raced).toBe('enough');
});

test('counts an outer signal that was aborted before', async () => {
  const deadline = startDeadline(100, createVirtualRuntime(), AbortSignal.abort('enough'));
  expect(await rejectionOf(deadline.race(never, 'late'))).toBe('enough');
});

test('leaves no timer and no listener behind', () => {
  const runtime = createVirtualRuntime();
  const deadline = startDeadline(100, runtime, new AbortController().signal);
  expect(runtime.timers).toBe(1);
  deadline.end();
  expect(runtime.timers).toBe(0);
});
