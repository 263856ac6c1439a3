/**
 * The candidate that a mistyped name most likely stands for: one that begins with it, or one at most a third of its
 * length away in single edits. Undefined when nothing is near.
 *
 * @example
 * nearest('--privat-key', ['--private-key', '--profile-arn']); // '--private-key'
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distance(name, candidate) }))
    .toSorted((one, other) => one.distance - other.distance);
  const best = ranked[0];
  if (best !== undefined && best.distance <= Math.max(1, Math.floor(name.length / 3))) return best.candidate;
  const continued = candidates.filter((candidate) => name.length > 3 && candidate.startsWith(name));
  return continued.length === 1 ? continued[0] : undefined;
}

/** Levenshtein's edit distance, one row of the table at a time. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let index = 0; index < one.length; index += 1) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (one[index] === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
