/** Lets the event loop take another turn: what takes long is done in pieces. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
