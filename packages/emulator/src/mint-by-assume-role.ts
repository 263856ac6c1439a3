import { MintError } from './errors.js';
import type { RawRequest } from './http.js';
import type { Mint, MintRequest } from './minting.js';
import { parseAssumeRoleAnswer, parseAssumeRoleRefusal } from './assume-role-answer.js';
import { signWithSecret } from './sigv4/sign-with-secret.js';

/** One POST to the STS-compatible URL. */
export interface AssumeRoleCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Aborted when the time limit is over. */
  readonly signal: AbortSignal;
}

/** Sends one call and answers its status and body. Redirects must not be followed. */
export type AssumeRoleTransport = (
  call: AssumeRoleCall,
) => Promise<{ readonly status: number; readonly body: string }>;

/** Where AssumeRole is called, as whom, and how. */
export interface MintByAssumeRoleInit {
  /** URL of an STS-compatible service, for example `http://127.0.0.1:7480/`. */
  readonly endpoint: string;
  /** Region of the credential scope. */
  readonly region: string;
  /** Credentials that may call AssumeRole there. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** The role's ARN at the back end, for one here. Default: the same ARN. */
  readonly mapRoleArn?: (roleArn: string) => string;
  /** Whether to pass session tags and source identity too; some back ends refuse them. Default false. */
  readonly passTags?: boolean;
  /** How to send. Default: global `fetch`. */
  readonly transport?: AssumeRoleTransport;
  /** Time limit of one call. Default 10,000. */
  readonly timeoutMilliseconds?: number;
  /** Clock of the signature. Default: this machine's, because the back end compares it with its own. */
  readonly clock?: () => Date;
}

/**
 * Credentials by `AssumeRole` at a real STS-compatible URL, for tests in which a real store checks what the emulator
 * gave out. Access key ids are whatever the back end makes. Its refusal becomes CreateSession's
 * `Unable to assume role for …`.
 *
 * @throws MintError `INVALID_OPTION` for an endpoint that is not an http or https URL
 * @example
 * const mint = mintByAssumeRole({ endpoint: 'http://127.0.0.1:7480/', region: 'us-east-1', credentials });
 * @see AWS STS API Reference, "AssumeRole"
 */
export function mintByAssumeRole(init: MintByAssumeRoleInit): Mint {
  const url = parseEndpoint(init.endpoint);
  const { transport = sendByFetch, timeoutMilliseconds = 10_000, clock = () => new Date() } = init;
  return async (request) => {
    const body = new URLSearchParams(assumeRoleParameters(request, init)).toString();
    const signed = signWithSecret(rawRequest(url, body), init.credentials, {
      region: init.region,
      service: 'sts',
      at: clock(),
    });
    const answer = await send(transport, {
      url: url.href,
      // The sender writes Host itself, from the same URL.
      headers: Object.fromEntries(signed.rawHeaders.filter(([name]) => name.toLowerCase() !== 'host')),
      body,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    if (answer.status >= 400 && answer.status < 500) {
      throw new MintError('ASSUME_ROLE_REFUSED', parseAssumeRoleRefusal(answer));
    }
    if (answer.status !== 200)
      throw new MintError('ASSUME_ROLE_FAILED', `AssumeRole answered ${answer.status}`);
    return parseAssumeRoleAnswer(answer.body);
  };
}

function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.username !== '') {
    throw new MintError('INVALID_OPTION', `endpoint must be an http or https URL without query and user`);
  }
  return url;
}

function assumeRoleParameters(request: MintRequest, init: MintByAssumeRoleInit): [string, string][] {
  const { mapRoleArn = (roleArn: string) => roleArn, passTags = false } = init;
  const tags = Object.entries(request.sessionTags).flatMap(([key, value], index): [string, string][] => [
    [`Tags.member.${index + 1}.Key`, key],
    [`Tags.member.${index + 1}.Value`, value],
  ]);
  return [
    ['Action', 'AssumeRole'],
    ['Version', '2011-06-15'],
    ['RoleArn', mapRoleArn(request.roleArn)],
    ['RoleSessionName', request.roleSessionName],
    ['DurationSeconds', String(request.durationSeconds)],
    ...(passTags ? [['SourceIdentity', request.sourceIdentity] satisfies [string, string], ...tags] : []),
  ];
}

function rawRequest(url: URL, body: string): RawRequest {
  return {
    method: 'POST',
    target: url.pathname,
    rawHeaders: [
      ['Host', url.host],
      ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
    ],
    body: Buffer.from(body, 'utf8'),
  };
}

async function send(
  transport: AssumeRoleTransport,
  call: AssumeRoleCall,
): Promise<{ status: number; body: string }> {
  try {
    return await transport(call);
  } catch (cause) {
    throw new MintError('ASSUME_ROLE_FAILED', `AssumeRole at ${call.url} could not be asked`, { cause });
  }
}

const MAXIMUM_ANSWER_BYTES = 1_048_576;

const sendByFetch: AssumeRoleTransport = async ({ url, headers, body, signal }) => {
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAXIMUM_ANSWER_BYTES)
      throw new Error(`The answer is longer than ${MAXIMUM_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status: response.status, body: Buffer.concat(chunks).toString('utf8') };
};
