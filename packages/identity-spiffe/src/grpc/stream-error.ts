import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { WorkloadApiError, type WorkloadApiFault } from '../workload-api/workload-api-error.js';
import type { GrpcStatus } from './status.js';

const CHECK = 'Check that it is a Workload API.';
const LOG = 'Look into the log of the agent.';

/** What to do about a connection that could not be made or did not last, by the system's code. */
const BY_SYSTEM_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'cannot be reached: there is no such socket (ENOENT). Start the agent, or correct',
  ECONNREFUSED: 'cannot be reached: nobody listens (ECONNREFUSED). Start the agent, or correct',
  ENOTSOCK: 'cannot be reached: that is no socket (ENOTSOCK). Correct',
  EACCES:
    'cannot be reached: this user may not open it (EACCES). Change the permissions of the socket, or correct',
  EPERM:
    'cannot be reached: this user may not open it (EPERM). Change the permissions of the socket, or correct',
};

/** What a status means for those who wait; every other one is `unavailable`. */
const BY_STATUS: Readonly<Partial<Record<GrpcStatus['code'], WorkloadApiFault>>> = {
  PERMISSION_DENIED: 'denied',
  INVALID_ARGUMENT: 'refused',
  UNIMPLEMENTED: 'refused',
};

const ADVICE: Readonly<Record<WorkloadApiFault, string>> = {
  unavailable: LOG,
  denied: 'Register this workload there: its selectors must fit an entry.',
  refused: 'It is not asked again: make a new provider once that is a Workload API.',
  foreign: CHECK,
};

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
  return new WorkloadApiError('unavailable', `broke the connection off (${code}). ${LOG}`, cause);
}

/** @returns undefined when they are the headers of a gRPC answer */
export function fromHeaders(
  headers: IncomingHttpHeaders & IncomingHttpStatusHeader,
): WorkloadApiError | undefined {
  const status = headers[':status'];
  const type = headers['content-type'] ?? 'none';
  if (status !== 200) return new WorkloadApiError('foreign', `answered with HTTP status ${status}. ${CHECK}`);
  if (/^application\/grpc(\+proto)?\s*(;|$)/i.test(type)) return undefined;
  return new WorkloadApiError('foreign', `answered with a content type that is not that of gRPC. ${CHECK}`);
}

/** A status that the server gave. Its own words are repeated. */
export function fromStatus({ code, message }: GrpcStatus): WorkloadApiError {
  if (code === 'OK') return new WorkloadApiError('unavailable', `ended the stream. ${LOG}`);
  const fault = BY_STATUS[code] ?? 'unavailable';
  const what = fault === 'denied' ? 'issues no identity to this process' : 'refused';
  const words = message === '' ? code : `${code}: ${message}`;
  return new WorkloadApiError(fault, `${what} (${words}). ${ADVICE[fault]}`);
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
