import type {
  Endpoint,
  EndpointV2,
  HttpHandlerOptions,
  HttpRequest,
  HttpResponse,
  Logger,
  NodeHttpHandlerOptions,
} from '@smithy/types';
import { ConfigurationError } from '@rolesanywhere/signer';

/** A value, or an async function that gives it. The function is called once per CreateSession. */
export type ValueOrProvider<T> = T | (() => Promise<T>);

/** Any request handler of the AWS SDK v3, such as `NodeHttpHandler`. */
export interface HttpHandler {
  readonly metadata?: { readonly handlerProtocol: string };
  handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }>;
  destroy?(): void;
}

/**
 * How CreateSession is called; the names are those of an AWS SDK client's configuration.
 * `fromRolesAnywhere` looks in the environment and the shared configuration for what is left out here, `createSession` does
 * not. Neither takes a region from `AWS_REGION`, the calling client or the instance metadata service.
 * @see AWS SDKs and Tools Reference Guide: "Service-specific endpoints", "Dual-stack and FIPS endpoints", "Retry behavior"
 */
export interface ClientConfig {
  /** Default: `ROLES_ANYWHERE_REGION` or the profile's setting for it, else the region in the trust anchor's ARN. */
  readonly region?: ValueOrProvider<string> | undefined;
  /**
   * Replaces the regional endpoint; a base path is kept. Cannot be combined with FIPS or dual-stack. Default:
   * `AWS_ENDPOINT_URL_ROLESANYWHERE` and the other places of a configured endpoint, else the region's.
   */
  readonly endpoint?: ValueOrProvider<string | Endpoint | EndpointV2> | undefined;
  /**
   * A handler, used as it is; or the options of a `NodeHttpHandler`, for an own connection. Default: the calling client's
   * handler unless it speaks HTTP/2, else an own connection. That honours `HTTPS_PROXY` and `NO_PROXY` unless it is given an
   * agent, and every time-out given ends the attempt.
   */
  readonly requestHandler?: HttpHandler | NodeHttpHandlerOptions | undefined;
  /** 1 or more, the first attempt included. Default: `AWS_MAX_ATTEMPTS`, the profile's `max_attempts`, 3. */
  readonly maxAttempts?: ValueOrProvider<number> | undefined;
  /** `standard` or `adaptive`, which act alike here: there is one call per session, so no rate to adapt. */
  readonly retryMode?: ValueOrProvider<string> | undefined;
  /** Default: `AWS_USE_FIPS_ENDPOINT`, the profile's `use_fips_endpoint`, false. */
  readonly useFipsEndpoint?: ValueOrProvider<boolean> | undefined;
  /** Default: `AWS_USE_DUALSTACK_ENDPOINT`, the profile's `use_dualstack_endpoint`, false. */
  readonly useDualstackEndpoint?: ValueOrProvider<boolean> | undefined;
  /** Written into the User-Agent. Default: the calling client's. */
  readonly userAgentAppId?: ValueOrProvider<string | undefined> | undefined;
  /** Default: the calling client's. */
  readonly logger?: Logger | undefined;
}

/**
 * The value itself, or what its provider gives.
 * @param name - the option's name, for the message
 * @throws ConfigurationError `INVALID_OPTION` when the provider fails; its error is the cause
 */
export async function resolveValue<T extends string | number | boolean | object | undefined>(
  name: string,
  value: ValueOrProvider<T>,
): Promise<T> {
  if (typeof value !== 'function') return value;
  try {
    return await value();
  } catch (cause) {
    throw new ConfigurationError({
      code: 'INVALID_OPTION',
      message: `The function given as clientConfig.${name} failed; see the cause.`,
      cause,
    });
  }
}
