/** What every source of an identity must do, whatever holds its key. */
import { afterAll, beforeAll, describe } from '@jest/globals';
import { closingTests } from './identity-contract/closing-tests.js';
import { failureTests } from './identity-contract/failure-tests.js';
import type { IdentityUnderTest } from './identity-contract/identity-under-test.js';
import { passphraseTests } from './identity-contract/passphrase-tests.js';
import { sessionTests } from './identity-contract/session-tests.js';
import { signingTests } from './identity-contract/signing-tests.js';

export type {
  ClosableIdentityProvider,
  FailingIdentity,
  IdentityUnderTest,
  PassphraseUnderTest,
} from './identity-contract/identity-under-test.js';

/** A source by name, and what it has not; the tests of that are left out. */
export interface NamedSource {
  readonly name: string;
  readonly lacks: readonly ('passphrase' | 'close')[];
}

/** The contract suite: one `describe` of tests for a source. A name alone: it lacks nothing. `make` is called once. */
export function describeIdentityContract(
  source: string | NamedSource,
  make: () => Promise<IdentityUnderTest>,
): void {
  const { name, lacks } = typeof source === 'string' ? { name: source, lacks: [] } : source;
  describe(`the contract of an identity: ${name}`, () => {
    let made: IdentityUnderTest;
    const subject = (): IdentityUnderTest => made;
    beforeAll(async () => {
      made = await make();
    }, 60_000);
    afterAll(async () => {
      await made.provider.close?.();
      await made.end?.();
    });

    signingTests(subject);
    failureTests(subject);
    if (!lacks.includes('passphrase')) passphraseTests(subject);
    sessionTests(subject);
    if (!lacks.includes('close')) closingTests(subject);
  });
}
