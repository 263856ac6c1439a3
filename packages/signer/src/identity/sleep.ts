/** Waits. */
export type Sleep = (milliseconds: number) => Promise<void>;

/** Waits by the timer of the runtime. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
