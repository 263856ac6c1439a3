import { expect, test } from '@jest/globals';
import type { CredentialProviderOptions } from '@aws-sdk/types';
import { fromRolesAnywhere, type FromRolesAnywhereInit } from '@rolesanywhere/credential-provider';

test('the options say where the configuration is, in the words of the AWS SDK', () => {
  const init: FromRolesAnywhereInit = {
    profile: 'mi-servidor',
    filepath: '/etc/aws/credentials',
    configFilepath: '/etc/aws/config',
    ignoreCache: true,
    logger: console,
  };
  const asTheSdkHasThem: CredentialProviderOptions = init;
  expect(asTheSdkHasThem).toBe(init);
  expect(fromRolesAnywhere(init).memoized).toBe(true);
});

test('mistakes in them do not compile', () => {
  expect(mistakes).toEqual(expect.any(Function));
});

function mistakes(): unknown {
  return [
    // @ts-expect-error a profile is named by a text
    fromRolesAnywhere({ profile: ['mi-servidor'] }),
    // @ts-expect-error yes or no
    fromRolesAnywhere({ ignoreCache: 'yes' }),
    // @ts-expect-error the path is configFilepath
    fromRolesAnywhere({ configFile: '/etc/aws/config' }),
  ];
}
