import { Pkcs12Fault } from '../pkcs12-fault.js';

/** As many as Java takes; eight times what NSS and GnuTLS write and what is advised for PBKDF2. */
const MOST_ITERATIONS = 5_000_000;
/** MAC, certificates and keys are derived one by one, some of them in several passes. */
const MOST_IN_ALL = 4 * MOST_ITERATIONS;

/** What a derivation costs. */
export interface DerivationCost {
  readonly iterations: number;
  /** How often they are gone through, until there are octets enough. */
  readonly passes: number;
}

/** Is told of each derivation before it begins. */
export type IterationBudget = (cost: DerivationCost) => void;

/**
 * A function that refuses a derivation of more than 5,000,000 iterations, and the one with which the passes of a file come to
 * more than 20,000,000 iterations.
 *
 * @throws Pkcs12Fault from the function, `KEY_UNSUPPORTED`
 */
export function createIterationBudget(): IterationBudget {
  let spent = 0;
  return ({ iterations, passes }) => {
    spent += iterations * passes;
    if (iterations > MOST_ITERATIONS)
      throw tooMany(
        `${inWords(iterations)} iterations of key derivation; the limit is ${inWords(MOST_ITERATIONS)}`,
      );
    if (spent > MOST_IN_ALL)
      throw tooMany(
        `more than ${inWords(MOST_IN_ALL)} iterations of key derivation in all, which is the limit`,
      );
  };
}

function tooMany(what: string): Pkcs12Fault {
  const advice = 'Protect it anew with fewer: openssl pkcs12 -export -iter 600000.';
  return new Pkcs12Fault('KEY_UNSUPPORTED', `asks for ${what}. ${advice}`);
}

function inWords(count: number): string {
  return count.toLocaleString('en');
}
