import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { WorkloadApiError, type WorkloadApiFault } from '../workload-api/workload-api-error.js';
import type { GrpcStatus } from './status.js';

const CHECK = 'Check that it is a Workload API.';
const LOG = 'Look into the log of the agent.';
const PROXY_LOG = 'Look into the log of what stands between this process and the agent.';

/** What to do about a connection that could not be made, by the system's code. */
const BY_SYSTEM_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'cannot be reached: there is no such socket (ENOENT). Start the agent, or correct',
  ECONNREFUSED: 'cannot be reached: nobody listens (ECONNREFUSED). Start the agent, or correct',
  ENOTDIR: 'cannot be reached: there is no such socket (ENOTDIR). Correct',
  ENOTSOCK: 'cannot be reached: that is no socket (ENOTSOCK). Correct',
  EACCES:
    'cannot be reached: this user may not open it (EACCES). Change the permissions of the socket, or correct',
  EPERM:
    'cannot be reached: this user may not open it (EPERM). Change the permissions of the socket, or correct',
};

/** What a proxy answers whose agent is away, or that has too much to do: the next time it may be otherwise. */
const HTTP_STATUSES_TO_WAIT_OUT: ReadonlySet<number | undefined> = new Set([429, 502, 503, 504]);

/** What a status means for those who wait; every other one is `unavailable`. */
const BY_STATUS: Readonly<Partial<Record<GrpcStatus['code'], WorkloadApiFault>>> = {
  PERMISSION_DENIED: 'denied',
  INVALID_ARGUMENT: 'refused',
  UNIMPLEMENTED: 'refused',
};

const ADVICE: Readonly<Record<WorkloadApiFault, string>> = {
  unavailable: LOG,
  denied: 'It is not registered there, or not yet: the selectors of an entry must fit it.',
  refused: 'It is not asked again: make a new provider once that is a Workload API.',
  foreign: CHECK,
};

/** The one thing that a Workload API finds wrong with a call. nginx, for one, drops headers with a dot in their name. */
const HEADER_LOST =
  'It is not asked again: make a new provider once nothing between this process and the agent takes the header workload.spiffe.io away.';

/**
 * A connection that failed, or ended without a word.
 *
 * @param cause - what the socket or the HTTP/2 session ended with
 */
export function fromConnection(cause?: unknown): WorkloadApiError {
  const code = codeOf(cause);
  if (code === undefined)
    return new WorkloadApiError('unavailable', `broke the connection off. ${LOG}`, cause);
  const known = BY_SYSTEM_CODE[code];
  if (known !== undefined) return new WorkloadApiError('unavailable', `${known} the endpoint.`, cause);
  // nghttp2 could not read what came: HTTP/1, TLS, or anything else.
  if (code === 'ERR_HTTP2_ERROR') {
    return new WorkloadApiError('foreign', `does not speak gRPC over HTTP/2. ${CHECK}`, cause);
  }
  if (isOfConnecting(cause)) {
    return new WorkloadApiError(
      'unavailable',
      `cannot be reached (${code}). Start the agent, or correct the endpoint.`,
      cause,
    );
  }
  return new WorkloadApiError('unavailable', `broke the connection off (${code}). ${LOG}`, cause);
}

/**
 * @returns undefined when they are the headers of a gRPC answer; one with a gRPC status is such an answer whatever else it says
 * @see gRPC, HTTP to gRPC Status Code Mapping
 */
export function fromHeaders(
  headers: IncomingHttpHeaders & IncomingHttpStatusHeader,
): WorkloadApiError | undefined {
  if (headers['grpc-status'] !== undefined) return undefined;
  const status = headers[':status'];
  if (HTTP_STATUSES_TO_WAIT_OUT.has(status)) {
    return new WorkloadApiError('unavailable', `answered with HTTP status ${status}. ${PROXY_LOG}`);
  }
  if (status !== 200) return new WorkloadApiError('foreign', `answered with HTTP status ${status}. ${CHECK}`);
  const type = headers['content-type'] ?? 'none';
  if (/^application\/grpc(\+proto)?\s*(;|$)/i.test(type)) return undefined;
  return new WorkloadApiError('foreign', `answered with a content type that is not that of gRPC. ${CHECK}`);
}

/** A status that the server gave. Its own words are repeated. */
export function fromStatus({ code, message }: GrpcStatus): WorkloadApiError {
  if (code === 'OK') return new WorkloadApiError('unavailable', `ended the stream. ${LOG}`);
  const fault = BY_STATUS[code] ?? 'unavailable';
  const what = fault === 'denied' ? 'issues no identity to this process' : 'refused';
  const words = message === '' ? code : `${code}: ${message}`;
  const advice = code === 'INVALID_ARGUMENT' ? HEADER_LOST : ADVICE[fault];
  return new WorkloadApiError(fault, `${what} (${words}). ${advice}`);
}

function isOfConnecting(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'syscall' in cause && cause.syscall === 'connect';
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
