import { FINDING_RULES, type Finding, type PathVerdict } from '../../src/index.js';
import { AT, judge } from '../test-authorities.js';
import type { Workshop } from './openssl.js';
import { createRandom, createRandomChain, type RandomChain } from './random-chain.js';

/** What the two say to one chain. */
export interface ComparedVerdicts {
  readonly ours: boolean;
  readonly theirs: boolean;
  /** The chain, its faults, and what both gave for reasons: for whoever has to find out why they differ. */
  readonly context: string;
}

/** Makes the chain of a seed, and has it judged here and by `openssl verify`. */
export async function compareVerdicts(seed: number, workshop: Workshop): Promise<ComparedVerdicts> {
  const chain = await createRandomChain(createRandom(seed));
  const theirs = verdictOfOpenssl(chain, workshop);
  const verdict = judge({ leaf: chain.leaf, pool: chain.pool, anchors: [chain.anchor] });
  return {
    ours: verdict.findings.every((finding) => !isRefusalByStandard(finding, verdict)),
    theirs: theirs.ok,
    context: `${chain.description}\n${theirs.output}\n${verdict.findings.map(({ code }) => code).join()}`,
  };
}

/** As many seeds as asked for, one after the other. */
export function seedsFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function verdictOfOpenssl(chain: RandomChain, { write, tryOpenssl }: Workshop) {
  const anchor = write('anchor.pem', chain.anchor.certificatePem);
  const pool = write('pool.pem', chain.pool.map(({ certificatePem }) => certificatePem).join(''));
  const leaf = write('leaf.pem', chain.leaf.certificatePem);
  const untrusted = chain.pool.length > 0 ? ['-untrusted', pool] : [];
  const at = String(AT.getTime() / 1000);
  // Without -partial_chain a path must end at a self-signed certificate: the same, when that is the anchor.
  const mode = chain.isAnchorPlainRoot ? [] : ['-partial_chain'];
  return tryOpenssl('verify', '-attime', at, ...mode, '-trusted', anchor, ...untrusted, leaf);
}

/** openssl does not know the rules of the service; a version 1 intermediate it refuses as "invalid CA". */
function isRefusalByStandard({ code, severity, certificate }: Finding, { path }: PathVerdict): boolean {
  const isOfStandard = FINDING_RULES[code].startsWith('RFC 5280');
  const isOldIntermediate = code === 'NOT_VERSION_3' && certificate !== path[0];
  return severity === 'refusal' && (isOfStandard || isOldIntermediate);
}
