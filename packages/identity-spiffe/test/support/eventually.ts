import { setTimeout as pause } from 'node:timers/promises';

/** Waits until something is so; the time limit of the test ends it otherwise. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(5);
}
