import { afterEach, describe, expect, test } from '@jest/globals';
import { createConfigurationFinder } from '../src/config/configuration.js';
import type { ClientConfig } from '../src/config/client-config.js';
import { resolveEndpoint } from '../src/endpoint.js';
import { testIdentity } from './support/identity.js';
import { arns, rejectionOf } from './support/options.js';
import { createSharedFiles, type SharedFiles } from './support/shared-files.js';

let files: SharedFiles | undefined;
afterEach(() => {
  files?.remove();
  files = undefined;
});

function share(config: string, variables: Readonly<Record<string, string>> = {}): void {
  files?.remove();
  files = createSharedFiles(config);
  files.setEnvironment(variables);
}

async function configOf(clientConfig: ClientConfig = {}): Promise<ClientConfig> {
  const find = createConfigurationFinder({
    ...arns,
    identity: testIdentity(),
    profile: 'default',
    clientConfig,
  });
  return (await find(undefined)).clientConfig;
}

/** Where the call would go. */
async function hostOf(clientConfig: ClientConfig = {}): Promise<string> {
  const { hostname, region } = await resolveEndpoint(arns.trustAnchorArn, await configOf(clientConfig));
  return `${hostname} ${region}`;
}

const helper = (flags: string): string =>
  `credential_process = aws_signing_helper credential-process ${flags}\n`;

describe('the region', () => {
  test.each([
    { place: 'clientConfig.region', region: 'us-west-1', option: 'us-west-1', block: 'us-west-3' },
    { place: 'ROLES_ANYWHERE_REGION', region: 'us-west-2', variable: 'us-west-2', block: 'us-west-3' },
    { place: 'the rolesanywhere block', region: 'us-west-3', block: 'us-west-3', flag: 'us-west-4' },
    { place: '--region', region: 'us-west-4', flag: 'us-west-4' },
    { place: "the trust anchor's ARN", region: 'eu-central-1' },
  ])('is that of $place', async ({ region, option, variable = '', block, flag }) => {
    const inBlock = block === undefined ? '' : `rolesanywhere =\n  region = ${block}\n`;
    share(
      `[default]\nregion = us-east-1\n${inBlock}${helper(flag === undefined ? '' : `--region ${flag}`)}`,
      {
        ROLES_ANYWHERE_REGION: variable,
        AWS_REGION: 'us-east-2',
        AWS_DEFAULT_REGION: 'us-east-2',
      },
    );
    expect(await hostOf({ region: option })).toBe(`rolesanywhere.${region}.amazonaws.com ${region}`);
  });
});

describe('the endpoint', () => {
  const order = [
    'option',
    'ROLES_ANYWHERE_ENDPOINT',
    'AWS_ENDPOINT_URL_ROLESANYWHERE',
    'block',
    'flag',
    'AWS_ENDPOINT_URL',
    'services',
    'endpoint_url',
  ] as const;
  const hostFor = (place: string): string => `${place.toLowerCase().replaceAll('_', '-')}.example`;

  /** Names an endpoint in every place from one on. */
  function shareFrom(first: number, more: Readonly<Record<string, string>> = {}): ClientConfig {
    const url = (place: (typeof order)[number]): string | undefined =>
      order.indexOf(place) >= first ? `https://${hostFor(place)}` : undefined;
    const setting = (text: string, place: (typeof order)[number]): string => {
      const value = url(place);
      return value === undefined ? '' : `${text}${value}\n`;
    };
    const variables = order.flatMap((place) => {
      const value = place.endsWith('ENDPOINT') || place.startsWith('AWS_') ? url(place) : undefined;
      return value === undefined ? [] : [[place, value]];
    });
    share(
      '[default]\nservices = mine\n' +
        setting('endpoint_url = ', 'endpoint_url') +
        setting('rolesanywhere =\n  endpoint = ', 'block') +
        (url('flag') === undefined ? '' : helper(`--endpoint ${url('flag')}`)) +
        '[services mine]\ns3 =\n  endpoint_url = https://s3.example\n' +
        setting('rolesanywhere =\n  endpoint_url = ', 'services'),
      { ...Object.fromEntries(variables), ...more },
    );
    return { endpoint: url('option') };
  }

  test.each(order.map((place, index) => [place, index] as const))('is that of %s', async (place, index) => {
    expect(await hostOf(shareFrom(index))).toBe(`${hostFor(place)} eu-central-1`);
  });

  test.each([
    [2, 'block.example'],
    [5, 'rolesanywhere.eu-central-1.amazonaws.com'],
  ])('is not one of AWS settings when these are to be ignored, from place %i on', async (first, host) => {
    const option = shareFrom(first, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' });
    expect(await hostOf(option)).toContain(host);
  });

  test('is not one of AWS settings when the profile says that they are to be ignored', async () => {
    share('[default]\nignore_configured_endpoint_urls = true\nendpoint_url = https://x.example\n');
    expect(await hostOf()).toContain('amazonaws.com');
  });

  test('keeps its base path', async () => {
    share('', { AWS_ENDPOINT_URL_ROLESANYWHERE: 'https://gateway.example/roles/anywhere/' });
    const endpoint = await resolveEndpoint(arns.trustAnchorArn, await configOf());
    expect(endpoint).toMatchObject({ hostname: 'gateway.example', basePath: '/roles/anywhere' });
  });

  test('excludes FIPS and dual-stack, wherever they come from', async () => {
    share('[default]\nuse_fips_endpoint = true\n', { AWS_ENDPOINT_URL: 'https://x.example' });
    expect(String(await rejectionOf(hostOf()))).toContain('FIPS and custom endpoint are not supported');
    share('[default]\nendpoint_url = https://x.example\n', { AWS_USE_DUALSTACK_ENDPOINT: 'true' });
    expect(String(await rejectionOf(hostOf()))).toContain('Dualstack and custom endpoint are not supported');
  });
});

describe('FIPS and dual-stack', () => {
  test.each([
    {
      option: 'useFipsEndpoint',
      variable: 'AWS_USE_FIPS_ENDPOINT',
      key: 'use_fips_endpoint',
      host: 'rolesanywhere-fips.eu-central-1',
    },
    {
      option: 'useDualstackEndpoint',
      variable: 'AWS_USE_DUALSTACK_ENDPOINT',
      key: 'use_dualstack_endpoint',
      host: 'eu-central-1.api.aws',
    },
  ] as const)('$option: option, then environment, then profile', async ({ option, variable, key, host }) => {
    share(`[default]\n${key} = true\n`);
    expect(await hostOf()).toContain(host);
    share(`[default]\n${key} = false\n`, { [variable]: 'true' });
    expect(await hostOf()).toContain(host);
    share('', { [variable]: 'true' });
    expect(await hostOf({ [option]: false })).not.toContain(host);
  });
});

describe('the number of attempts', () => {
  test('is that of the option, then AWS_MAX_ATTEMPTS, then the profile', async () => {
    share('[default]\nmax_attempts = 5\n');
    expect((await configOf()).maxAttempts).toBe(5);
    share('[default]\nmax_attempts = 5\n', { AWS_MAX_ATTEMPTS: '4' });
    expect((await configOf()).maxAttempts).toBe(4);
    expect((await configOf({ maxAttempts: 2 })).maxAttempts).toBe(2);
  });

  test('does not depend on the retry mode, which may be one of other SDKs', async () => {
    share('[default]\nretry_mode = legacy\n', { AWS_RETRY_MODE: 'legacy' });
    expect((await configOf()).retryMode).toBeUndefined();
  });
});

test('--no-verify-ssl is honoured for an own connection', async () => {
  share(`[default]\n${helper('--no-verify-ssl')}`);
  expect((await configOf()).requestHandler).toEqual({ httpsAgent: { rejectUnauthorized: false } });
});
