import { afterAll, describe, expect, test } from '@jest/globals';
import { FINDING_RULES, type Finding, type PathVerdict } from '../../src/index.js';
import { AT, judge } from '../test-authorities.js';
import { hasOpenssl, openWorkshop, type Workshop } from './openssl.js';
import { createRandom, createRandomChain, type RandomChain } from './random-chain.js';

const CHAINS = Number(process.env['PKI_RANDOM_CHAINS'] ?? 60);
const SEED = Number(process.env['PKI_RANDOM_SEED'] ?? 20_300_615);

const workshop = openWorkshop();
afterAll(() => workshop.remove());

(hasOpenssl() ? describe : describe.skip)(
  'random chains with random faults have the verdict of openssl verify',
  () => {
    const runs = Array.from({ length: CHAINS }, (_, index) => SEED + index);
    const outcomes: boolean[] = [];
    test.each(runs)('chain %i', async (seed) => {
      const chain = await createRandomChain(createRandom(seed));
      const theirs = verdictOfOpenssl(chain, workshop);
      const verdict = judge({ leaf: chain.leaf, pool: chain.pool, anchors: [chain.anchor] });
      const ours = verdict.findings.every((finding) => !isRefusalByStandard(finding, verdict));
      const context = `${chain.description}\n${theirs.output}\n${verdict.findings.map(({ code }) => code).join()}`;
      expect({ accepted: ours, context }).toEqual({ accepted: theirs.ok, context });
      outcomes.push(ours);
    });

    test('both verdicts occur', () => {
      expect(new Set(outcomes)).toEqual(new Set([true, false]));
    });
  },
);

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
