import { afterAll, describe, expect, test } from '@jest/globals';
import { compareVerdicts, seedsFrom } from './compare-verdicts.js';
import { hasOpenssl, openWorkshop } from './openssl.js';

const CHAINS = Number(process.env['PKI_RANDOM_CHAINS'] ?? 60);
const SEED = Number(process.env['PKI_RANDOM_SEED'] ?? 20_300_615);

const workshop = openWorkshop();
afterAll(() => workshop.remove());

(hasOpenssl() ? describe : describe.skip)(
  'random chains with random faults have the verdict of openssl verify',
  () => {
    const outcomes = new Set<boolean>();
    test.each(seedsFrom(SEED, CHAINS))('chain %i', async (seed) => {
      const { ours, theirs, context } = await compareVerdicts(seed, workshop);
      expect({ accepted: ours, context }).toEqual({ accepted: theirs, context });
      outcomes.add(ours);
    });

    test('both verdicts occur', () => {
      expect(outcomes).toEqual(new Set([true, false]));
    });
  },
);
