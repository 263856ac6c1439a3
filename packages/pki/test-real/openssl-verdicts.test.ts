import { afterAll, expect, test } from '@jest/globals';
import { compareVerdicts, seedsFrom } from '../test/openssl/compare-verdicts.js';
import { hasOpenssl, openWorkshop } from '../test/openssl/openssl.js';

const CHAINS = 300;
/** Others than those of the quick test. */
const SEED = Number(process.env['PKI_RANDOM_SEED'] ?? 20_310_101);

const workshop = openWorkshop();
afterAll(() => workshop.remove());

(hasOpenssl() ? test : test.skip)(
  'openssl: 300 random chains with random faults have the verdict of openssl verify, each',
  async () => {
    const accepted = { here: 0, there: 0 };
    const differing: string[] = [];
    for (const seed of seedsFrom(SEED, CHAINS)) {
      const { ours, theirs, context } = await compareVerdicts(seed, workshop);
      accepted.here += Number(ours);
      accepted.there += Number(theirs);
      if (ours !== theirs) differing.push(`chain ${seed}: ${context}`);
    }
    expect(differing).toEqual([]);
    expect(accepted.here).toBe(accepted.there);
    // Neither a judge that refuses everything nor one that accepts everything would pass.
    expect(accepted.there).toBeGreaterThan(CHAINS / 10);
    expect(accepted.there).toBeLessThan(CHAINS - CHAINS / 10);
  },
  240_000,
);
