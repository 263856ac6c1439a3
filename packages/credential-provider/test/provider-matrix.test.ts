import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { STSClient } from '@aws-sdk/client-sts';
import type { HttpRequest } from '@smithy/types';
import { fromRolesAnywhere, type HttpHandler } from '@rolesanywhere/credential-provider';
import { testIdentity } from './support/identity.js';
import { arns } from './support/options.js';
import { sessionJson } from './support/session-server.js';
import { createSharedFiles, type SharedFiles } from './support/shared-files.js';

/** The calling client's handler: the provider's calls pass here, and show where they went. */
function recordingHandler(): HttpHandler & { readonly requests: HttpRequest[] } {
  const requests: HttpRequest[] = [];
  return {
    requests,
    handle: async (request) => {
      requests.push(request);
      return { response: { statusCode: 201, headers: {}, body: sessionJson() } };
    },
  };
}

let files: SharedFiles | undefined;
const identity = testIdentity();
beforeAll(() => new STSClient({ region: 'us-east-1' }).destroy());
afterEach(() => {
  files?.remove();
  files = undefined;
});

const session = Object.entries({
  'trust-anchor-arn': arns.trustAnchorArn,
  'profile-arn': arns.profileArn,
  'role-arn': arns.roleArn,
});
const block = (sessionName: string): string =>
  [
    'rolesanywhere =',
    ...session.map(([name, value]) => `  ${name} = ${value}`),
    `  role-session-name = ${sessionName}`,
  ].join('\n');

/** Every combination of what may give a region, and of what may give a profile. */
const regions = [undefined, 'region'] as const;
const combinations = regions.flatMap((caller) =>
  regions.flatMap((environment) =>
    regions.flatMap((profile) =>
      regions.flatMap((provider) =>
        ['default', 'by option', 'by client', 'by AWS_PROFILE'].map((name) => ({
          caller: caller && 'us-west-1',
          environment: environment && 'us-west-2',
          profile: profile && 'ap-south-1',
          provider: provider && 'sa-east-1',
          name,
        })),
      ),
    ),
  ),
);

describe('the region that is called', () => {
  test.each(combinations)(
    "with the client's $caller, AWS_REGION $environment, the profile's $profile, clientConfig's $provider, profile $name",
    async ({ caller, environment, profile, provider, name }) => {
      const chosen = name === 'default' ? 'default' : 'chosen';
      const region = profile === undefined ? '' : `region = ${profile}\n`;
      const other = chosen === 'default' ? 'chosen' : 'default';
      const section = (title: string): string => (title === 'default' ? '[default]' : `[profile ${title}]`);
      files = createSharedFiles(
        `${section(chosen)}\n${region}${block('right')}\n${section(other)}\nregion = eu-west-3\n${block('wrong')}\n`,
      );
      files.setEnvironment({
        ...(environment === undefined ? {} : { AWS_REGION: environment }),
        ...(name === 'by AWS_PROFILE' ? { AWS_PROFILE: chosen } : {}),
      });
      const requestHandler = recordingHandler();
      const client = new STSClient({
        ...(caller === undefined ? {} : { region: caller }),
        ...(name === 'by client' ? { profile: chosen } : {}),
        requestHandler,
        credentials: fromRolesAnywhere({
          identity,
          ...(name === 'by option' ? { profile: chosen } : {}),
          ...(provider === undefined ? {} : { clientConfig: { region: provider } }),
        }),
      });
      await client.config.credentials();
      const expected = provider ?? 'eu-central-1';
      const [request] = requestHandler.requests;
      expect(requestHandler.requests).toHaveLength(1);
      expect(request?.hostname).toBe(`rolesanywhere.${expected}.amazonaws.com`);
      expect(request?.headers['authorization']).toContain(`/${expected}/rolesanywhere/aws4_request`);
      expect(JSON.parse(String(request?.body))).toMatchObject({ roleSessionName: 'right' });
      client.destroy();
    },
  );
});
