import { expect, test } from '@jest/globals';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  RuntimeConfigAwsCredentialIdentityProvider,
} from '@aws-sdk/types';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import {
  createSession,
  fromPemFiles,
  fromRolesAnywhere,
  type ClientConfig,
  type FromRolesAnywhereInit,
  type RolesAnywhereCredentialProvider,
  type Session,
} from '@rolesanywhere/credential-provider';
import { arns } from './support/options.js';

test('a provider fits wherever the SDK takes credentials', async () => {
  const provider: RolesAnywhereCredentialProvider = fromRolesAnywhere();
  const runtimeConfig: RuntimeConfigAwsCredentialIdentityProvider = provider;
  const plain: AwsCredentialIdentityProvider = provider;
  const config: STSClientConfig = { region: 'eu-central-1', credentials: provider };
  const credentialDefaultProvider = (): AwsCredentialIdentityProvider => provider;
  const byDefault: STSClientConfig = { region: 'eu-central-1', credentialDefaultProvider };
  expect([runtimeConfig, plain, config.credentials, byDefault.credentialDefaultProvider?.({})]).toEqual(
    Array.from({ length: 4 }, () => provider),
  );
  new STSClient(config).destroy();
});

test('the options take every form that they promise', () => {
  const requestHandler = new NodeHttpHandler();
  const configs: readonly ClientConfig[] = [
    { region: 'eu-central-1', requestHandler, maxAttempts: 2, retryMode: 'standard' },
    {
      region: async () => 'eu-central-1',
      requestHandler: { connectionTimeout: 1000 },
      useFipsEndpoint: async () => true,
    },
    {
      endpoint: { url: new URL('https://x.example') },
      userAgentAppId: async () => undefined,
      region: undefined,
    },
    { endpoint: { protocol: 'https:', hostname: 'x.example', path: '/' }, logger: console },
  ];
  const init: FromRolesAnywhereInit = {
    ...arns,
    identity: fromPemFiles({ certificate: 'server.crt', privateKey: 'server.key' }),
    logger: console,
    totalTimeoutMilliseconds: 5000,
  };
  expect([...configs, init]).toHaveLength(5);
  requestHandler.destroy();
});

test('mistakes do not compile', () => {
  expect(mistakes).toEqual(expect.any(Function));
});

function mistakes(): unknown {
  const identity = fromPemFiles({ certificate: 'server.pem' });
  const { roleArn: _left, ...twoArns } = arns;
  return [
    // @ts-expect-error the ARN is a string
    fromRolesAnywhere({ trustAnchorArn: 7 }),
    // @ts-expect-error a path is no identity
    fromRolesAnywhere({ identity: 'server.pem' }),
    // @ts-expect-error there is no such option
    fromRolesAnywhere({ trustAnchor: arns.trustAnchorArn }),
    // @ts-expect-error one ARN is missing
    createSession(twoArns, { identity }),
    // @ts-expect-error the identity is missing
    createSession(arns, {}),
    // @ts-expect-error credentials are not a session
    (credentials: AwsCredentialIdentity): Session => credentials,
  ];
}
