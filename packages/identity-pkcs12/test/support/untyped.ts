/** A value whose type the checker would not let through, as callers without types give it. */
export function untyped(value: unknown): never {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- to give wrong types is what it is for
  return value as never;
}
