import type { HttpRequest } from '@smithy/types';
import type { CreateSessionInput } from './config/create-session-input.js';
import type { SessionEndpoint } from './endpoint.js';
import { version } from './version.js';

/**
 * The unsigned CreateSession request. The ARNs travel in the query, as from AWS's `aws_signing_helper`; the body holds
 * only the members that are set, so that the profile decides about the others.
 * @param appId - the application's id for the User-Agent
 * @see IAM Roles Anywhere User Guide, "CreateSession"
 */
export function buildSessionRequest(
  input: CreateSessionInput,
  endpoint: SessionEndpoint,
  appId: string | undefined,
): HttpRequest {
  const { protocol, hostname, port, basePath, query } = endpoint;
  const { trustAnchorArn, profileArn, roleArn, durationSeconds, roleSessionName, instanceProperties } = input;
  // Members that are undefined do not appear in JSON.
  const body = JSON.stringify({ durationSeconds, instanceProperties, roleSessionName });
  return {
    method: 'POST',
    protocol,
    hostname,
    ...(port === undefined ? {} : { port }),
    path: `${basePath}/sessions`,
    query: { ...query, profileArn, roleArn, trustAnchorArn },
    headers: {
      host: port === undefined ? hostname : `${hostname}:${port}`,
      'content-type': 'application/json',
      'content-length': String(new TextEncoder().encode(body).length),
      'user-agent': userAgent(appId),
    },
    body,
  };
}

/** In the form of the AWS SDK: product, user agent version, language, service, application. */
function userAgent(appId: string | undefined): string {
  const app =
    appId === undefined || appId === ''
      ? ''
      : ` app/${appId.replace(/[^\w!#$%&'*+.^`|~-]/g, '-').slice(0, 50)}`;
  return `rolesanywhere-credential-provider/${version} ua/2.1 lang/js api/rolesanywhere${app}`;
}
