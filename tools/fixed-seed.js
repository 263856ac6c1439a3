import { configureGlobal } from 'fast-check';

/**
 * Runs before each test file: property tests try the same cases on every machine, so that a run can be repeated.
 * `FAST_CHECK_SEED=12345 npm test` tries others; a failure prints its seed.
 */
configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 20_260_101) });
