import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { ClientConfig } from '../src/config/client-config.js';
import { resolveEndpoint } from '../src/endpoint.js';
import { arns, rejectionOf } from './support/options.js';

async function hostFor(region: string, config: ClientConfig = {}): Promise<string> {
  const { protocol, hostname } = await resolveEndpoint(
    arns.trustAnchorArn.replace('eu-central-1', region),
    config,
  );
  return `${protocol}//${hostname}`;
}

describe('the regional endpoint', () => {
  test.each([
    ['eu-central-1', 'https://rolesanywhere.eu-central-1.amazonaws.com'],
    ['cn-north-1', 'https://rolesanywhere.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'https://rolesanywhere.us-gov-west-1.amazonaws.com'],
    ['eusc-de-east-1', 'https://rolesanywhere.eusc-de-east-1.amazonaws.eu'],
    ['us-iso-east-1', 'https://rolesanywhere.us-iso-east-1.c2s.ic.gov'],
    ['us-isob-east-1', 'https://rolesanywhere.us-isob-east-1.sc2s.sgov.gov'],
    ['eu-isoe-west-1', 'https://rolesanywhere.eu-isoe-west-1.cloud.adc-e.uk'],
    ['us-isof-south-1', 'https://rolesanywhere.us-isof-south-1.csp.hci.ic.gov'],
    ['xx-nowhere-9', 'https://rolesanywhere.xx-nowhere-9.amazonaws.com'],
  ])('of %s is %s', async (region, url) => {
    expect(await hostFor(region)).toBe(url);
  });

  test('with FIPS and dual-stack has their names', async () => {
    expect(await hostFor('us-east-1', { useFipsEndpoint: true })).toBe(
      'https://rolesanywhere-fips.us-east-1.amazonaws.com',
    );
    expect(await hostFor('us-east-1', { useDualstackEndpoint: async () => true })).toBe(
      'https://rolesanywhere.us-east-1.api.aws',
    );
    expect(await hostFor('cn-north-1', { useFipsEndpoint: true, useDualstackEndpoint: true })).toBe(
      'https://rolesanywhere-fips.cn-north-1.api.amazonwebservices.com.cn',
    );
  });

  test('of a FIPS pseudo-region is the FIPS one, signed for the plain region', async () => {
    const endpoint = await resolveEndpoint(arns.trustAnchorArn, { region: 'fips-us-east-2' });
    expect(endpoint).toMatchObject({
      region: 'us-east-2',
      hostname: 'rolesanywhere-fips.us-east-2.amazonaws.com',
    });
  });

  test('takes clientConfig.region, a value or a function, before that of the trust anchor', async () => {
    expect(await hostFor('eu-central-1', { region: 'us-west-2' })).toContain('us-west-2');
    expect(await hostFor('eu-central-1', { region: async () => 'us-west-1' })).toContain('us-west-1');
  });

  test('is refused when the region provider gives nothing', async () => {
    const error = await rejectionOf(resolveEndpoint(arns.trustAnchorArn, { region: async () => '' }));
    expect(error).toMatchObject({ code: 'REGION_UNKNOWN' });
    expect(String(error)).toContain('Invalid Configuration: Missing Region');
  });

  test('names the option whose function failed, and keeps the cause', async () => {
    const cause = new Error('no region today');
    const error = await rejectionOf(
      resolveEndpoint(arns.trustAnchorArn, { region: () => Promise.reject(cause) }),
    );
    expect(error).toMatchObject({ code: 'INVALID_OPTION', cause });
    expect(String(error)).toContain('clientConfig.region');
  });
});

describe('a custom endpoint', () => {
  test.each([
    ['text', 'https://proxy.example:8443/base/path/?stage=a'],
    ['an EndpointV2', { url: new URL('https://proxy.example:8443/base/path?stage=a') }],
    [
      'an Endpoint',
      {
        protocol: 'https:',
        hostname: 'proxy.example',
        port: 8443,
        path: '/base/path',
        query: { stage: 'a' },
      },
    ],
    ['a function', async () => 'https://proxy.example:8443/base/path?stage=a'],
  ])('may be %s', async (_form, endpoint) => {
    expect(await resolveEndpoint(arns.trustAnchorArn, { endpoint })).toEqual({
      region: 'eu-central-1',
      protocol: 'https:',
      hostname: 'proxy.example',
      port: 8443,
      basePath: '/base/path',
      query: { stage: 'a' },
    });
  });

  test('excludes FIPS and dual-stack, in the words of the endpoint rules', async () => {
    const endpoint = 'https://proxy.example';
    expect(
      String(await rejectionOf(resolveEndpoint(arns.trustAnchorArn, { endpoint, useFipsEndpoint: true }))),
    ).toContain('Invalid Configuration: FIPS and custom endpoint are not supported');
    expect(
      String(
        await rejectionOf(resolveEndpoint(arns.trustAnchorArn, { endpoint, useDualstackEndpoint: true })),
      ),
    ).toContain('Invalid Configuration: Dualstack and custom endpoint are not supported');
  });

  test.each([
    'proxy.example',
    'ftp://proxy.example',
    'https://user:word@proxy.example',
    'https://user:word@[proxy',
    'https://proxy.example/#x',
  ])('is refused when it is %s', async (endpoint) => {
    const error = await rejectionOf(resolveEndpoint(arns.trustAnchorArn, { endpoint }));
    expect(error).toMatchObject({ code: 'INVALID_OPTION' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('word');
  });
});
