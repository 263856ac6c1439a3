import { expect, test } from '@jest/globals';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import type { Targets } from '../create-targets.js';
import type { IdentityUnderTest } from './identity-under-test.js';
import { listenToProvider } from './listen-to-provider.js';
import { secretsShown } from './secrets-shown.js';
import { asPromised, failureOf } from './told-failure.js';

/** A complete set of ARNs, for providers that fail before anything is sent. */
const TARGETS: Targets = {
  trustAnchorArn: 'arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/example',
  profileArn: 'arn:aws:rolesanywhere:eu-central-1:111122223333:profile/example',
  roleArn: 'arn:aws:iam::111122223333:role/ExampleRole',
};

/** How it is told that a source is not there. */
export function failureTests(subject: () => IdentityUnderTest): void {
  test('names what is missing, also through the credential provider', async () => {
    const { missing, secrets } = subject();
    const told = listenToProvider();
    const credentials = fromRolesAnywhere({ ...TARGETS, identity: missing.provider, logger: told.logger });
    expect(await failureOf(missing.provider, missing, secrets)).toEqual(asPromised(missing));
    expect(await failureOf(credentials, missing, secrets)).toEqual(asPromised(missing));
    expect(secretsShown(told.end(), secrets)).toEqual([]);
    await missing.provider.close?.();
  });
}
