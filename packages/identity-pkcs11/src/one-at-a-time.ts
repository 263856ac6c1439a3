/** Does a piece of work when all that came before it is done. */
export type OneAtATime = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A line of its own: work in it never overlaps, and a failure is that of its caller alone. */
export function oneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
