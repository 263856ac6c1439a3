import type { Endpoint, EndpointV2, QueryParameterBag } from '@smithy/types';
import { ConfigurationError } from '@rolesanywhere/signer';
import { parseArn } from './config/arn.js';
import { isRegion } from './config/client-config-problems.js';
import { resolveValue, type ClientConfig } from './config/client-config.js';
import { findEndpointProblem, notAUrl } from './config/endpoint-problem.js';

/** Where CreateSession is sent, and the region it is signed for. */
export interface SessionEndpoint {
  /** The plain region, without `fips-`. */
  readonly region: string;
  readonly protocol: 'https:' | 'http:';
  readonly hostname: string;
  readonly port?: number;
  /** Base path of a custom endpoint without a final slash; empty for AWS's own. */
  readonly basePath: string;
  readonly query?: QueryParameterBag;
}

/**
 * Finds the endpoint: the custom one as it is, else the regional one of the region's partition. The region is
 * `clientConfig.region`, else that of the trust anchor; neither `AWS_REGION` nor the instance metadata service is asked.
 *
 * @throws ConfigurationError `REGION_UNKNOWN` when the region provider gives none, `INVALID_OPTION` for an endpoint that
 * cannot be used, alone or together with FIPS or dual-stack.
 * @see "IAM Roles Anywhere endpoints and quotas" in the AWS General Reference; the service's endpoint rule set
 */
export async function resolveEndpoint(
  trustAnchorArn: string,
  config: ClientConfig,
): Promise<SessionEndpoint> {
  const [named, custom, useFips, useDualstack] = await Promise.all([
    config.region === undefined ? parseArn(trustAnchorArn)?.region : resolveValue('region', config.region),
    config.endpoint === undefined ? undefined : resolveValue('endpoint', config.endpoint),
    config.useFipsEndpoint === undefined ? false : resolveValue('useFipsEndpoint', config.useFipsEndpoint),
    config.useDualstackEndpoint === undefined
      ? false
      : resolveValue('useDualstackEndpoint', config.useDualstackEndpoint),
  ]);
  if (named === undefined || !isRegion(named)) {
    throw new ConfigurationError({
      code: 'REGION_UNKNOWN',
      message:
        'Invalid Configuration: Missing Region. clientConfig.region must give a region name such as eu-central-1.',
    });
  }
  const region = named.replace(/^fips-|-fips$/, '');
  const fips = useFips || region !== named;
  if (custom === undefined) return regionalEndpoint(region, { fips, dualstack: useDualstack });
  if (fips)
    throw invalidEndpoint(
      'Invalid Configuration: FIPS and custom endpoint are not supported; leave one of them out, in the options, the environment or the profile.',
    );
  if (useDualstack)
    throw invalidEndpoint(
      'Invalid Configuration: Dualstack and custom endpoint are not supported; leave one of them out, in the options, the environment or the profile.',
    );
  return customEndpoint(region, toUrl(custom));
}

interface Variant {
  readonly fips: boolean;
  readonly dualstack: boolean;
}

async function regionalEndpoint(region: string, { fips, dualstack }: Variant): Promise<SessionEndpoint> {
  // Loaded here, because an application that gives its own endpoint, or never asks for a session, needs none of it.
  const { partition } = await import('@aws-sdk/util-endpoints');
  const { name, dnsSuffix, dualStackDnsSuffix, supportsFIPS, supportsDualStack } = partition(region);
  if (fips && !supportsFIPS)
    throw invalidEndpoint(`FIPS is enabled but the partition ${name} does not support FIPS`);
  if (dualstack && !supportsDualStack) {
    throw invalidEndpoint(`DualStack is enabled but the partition ${name} does not support DualStack`);
  }
  const suffix = dualstack ? dualStackDnsSuffix : dnsSuffix;
  const hostname = `${fips ? 'rolesanywhere-fips' : 'rolesanywhere'}.${region}.${suffix}`;
  return { region, protocol: 'https:', hostname, basePath: '' };
}

function customEndpoint(region: string, url: URL): SessionEndpoint {
  const problem = findEndpointProblem(url.href);
  if (problem !== undefined) throw invalidEndpoint(`clientConfig.endpoint ${problem}`);
  return {
    region,
    protocol: url.protocol === 'http:' ? 'http:' : 'https:',
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    basePath: url.pathname.replace(/\/+$/, ''),
    ...(url.search === '' ? {} : { query: Object.fromEntries(url.searchParams) }),
  };
}

/** A URL from each form that AWS SDK clients take. */
function toUrl(endpoint: string | Endpoint | EndpointV2): URL {
  try {
    if (typeof endpoint === 'string') return new URL(endpoint);
    if ('url' in endpoint) return new URL(endpoint.url);
    const { protocol, hostname, port, path, query } = endpoint;
    const scheme = protocol.endsWith(':') ? protocol : `${protocol}:`;
    const url = new URL(`${scheme}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value ?? ''));
    return url;
  } catch {
    // Without the cause: the URL, which may hold a password, is in it.
    throw invalidEndpoint(`clientConfig.endpoint ${notAUrl}`);
  }
}

function invalidEndpoint(message: string): ConfigurationError {
  return new ConfigurationError({ code: 'INVALID_OPTION', message });
}
