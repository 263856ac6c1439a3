import { hasContextTag, readSequence, readTagged, signedInteger } from '../der/der-values.js';
import type { DerNode } from '../der/read-der.js';
import { readGeneralName } from '../names/read-general-name.js';
import type { NameConstraintSubtree } from './certificate.js';

/** @throws Error when malformed @see RFC 5280 §4.2.1.10 */
export function readNameConstraints(value: DerNode): {
  readonly permitted: readonly NameConstraintSubtree[];
  readonly excluded: readonly NameConstraintSubtree[];
} {
  const fields = readSequence(value, 'nameConstraints');
  if (fields.some((field) => !hasContextTag(field, 0) && !hasContextTag(field, 1))) {
    throw new Error('nameConstraints has extra parts');
  }
  return { permitted: readSubtrees(fields, 0), excluded: readSubtrees(fields, 1) };
}

function readSubtrees(fields: readonly DerNode[], tagNumber: number): NameConstraintSubtree[] {
  const matching = fields.filter((field) => hasContextTag(field, tagNumber));
  return matching.flatMap((field) => readTagged(field, 'the subtrees of nameConstraints').map(readSubtree));
}

function readSubtree(node: DerNode): NameConstraintSubtree {
  const [base, ...distances] = readSequence(node, 'a subtree of nameConstraints');
  if (base === undefined) throw new Error('a subtree of nameConstraints is empty');
  return { base: readGeneralName(base), hasDistance: distances.some(isDistance) };
}

/** A written minimum of zero is the default and no distance. */
function isDistance(node: DerNode): boolean {
  return !hasContextTag(node, 0) || signedInteger(node.content, 'a minimum of nameConstraints') !== 0n;
}
