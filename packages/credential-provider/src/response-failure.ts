import type { AttemptFailure } from './attempt-failure.js';
import { adviseOnRefusal, isInvalidSignature } from './refusal.js';
import { parseRetryAfter } from './retry.js';
import { isRecord } from './session.js';
import type { AnswerHead, TransportResponse } from './transport/transport.js';

/** What a message about a refused call names. No secrets. */
export interface CallDescription {
  readonly host: string;
  /** The ARNs and the certificate's serial number, for messages. */
  readonly subject: string;
  /** Our clock, milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The failure that an answer outside 200–299 stands for. The error type is read from `x-amzn-ErrorType` or the body, the
 * text from `message`.
 * @see Smithy specification, "AWS restJson1 protocol", operation error serialization
 */
export function describeRefusal(response: TransportResponse, call: CallDescription): AttemptFailure {
  const { status, headers } = response;
  const { text, serviceCode } = parseServiceError(response);
  const requestId = requestIdOf(response);
  const facts = {
    status,
    requestId,
    serviceCode,
    retryAfterMilliseconds: parseRetryAfter(headers['retry-after'], call.now),
  };
  const said = [status, serviceCode, requestId && `request id ${requestId}`].filter(Boolean).join(', ');
  const quoted = text === '' ? `(${said})` : `"${text}" (${said})`;
  if (status === 407) return { ...facts, ...proxyAuthentication(call.host), permanent: true };
  if (status === 429 || /throttl|toomanyrequests/i.test(serviceCode ?? '')) {
    const message = `${call.host} is throttling CreateSession: ${quoted}. Share one provider between clients, or ask AWS for a higher quota.`;
    return { ...facts, code: 'THROTTLED', message };
  }
  if (status >= 500) {
    const message = `${call.host} failed: ${quoted}. Try again later; with the request id AWS can look into it.`;
    return { ...facts, code: 'SERVICE_FAILED', message };
  }
  if (status === 403) return { ...facts, ...describeDenial({ text, quoted, serviceCode }, call) };
  if (status < 400) {
    const message = `${call.host} answered with a redirect (${said}), which is not followed. Check clientConfig.endpoint and any proxy on the way.`;
    return { ...facts, code: 'REQUEST_REJECTED', message };
  }
  const message = `${call.host} rejected CreateSession for ${call.subject}: ${quoted}. Check the options, and clientConfig.endpoint if it is set.`;
  return { ...facts, code: 'REQUEST_REJECTED', message };
}

/** The service's request id, if the answer has one. */
export function requestIdOf({ headers }: AnswerHead): string | undefined {
  return headers['x-amzn-requestid'] ?? headers['x-amz-request-id'];
}

interface Denial {
  readonly text: string;
  readonly quoted: string;
  readonly serviceCode: string | undefined;
}

function describeDenial(denial: Denial, call: CallDescription): AttemptFailure {
  if (denial.text === '' && denial.serviceCode === undefined) {
    return {
      code: 'ACCESS_DENIED',
      message: `Something in front of ${call.host} refused CreateSession ${denial.quoted}: the answer is not in the service's form. Check proxies, firewalls and VPC endpoint policies on the way.`,
    };
  }
  const { cause, remedy } = adviseOnRefusal(denial.text);
  return {
    code: 'ACCESS_DENIED',
    message: `IAM Roles Anywhere refused a session for ${call.subject}: ${denial.quoted}. ${cause} ${remedy}`,
    invalidSignature: isInvalidSignature(denial.text),
  };
}

/** An agent may hand through the proxy's own answer as if the service had given it. */
function proxyAuthentication(host: string): Pick<AttemptFailure, 'code' | 'message'> {
  return {
    code: 'NETWORK_FAILED',
    message: `CreateSession did not reach ${host}: the proxy asks for authentication (407). Put the user name and password into the proxy URL.`,
  };
}

interface ServiceError {
  /** The service's own text, at most 500 characters; empty when there is none. */
  readonly text: string;
  readonly serviceCode: string | undefined;
}

function parseServiceError({ headers, body }: TransportResponse): ServiceError {
  const answer = parseObject(body);
  const rawCode = headers['x-amzn-errortype'] ?? answer['__type'] ?? answer['code'];
  const rawText = answer['message'] ?? answer['Message'];
  const serviceCode = typeof rawCode === 'string' ? codeName(rawCode) : '';
  return {
    // Control characters would let an answer forge lines in a log.
    text: typeof rawText === 'string' ? rawText.replace(/\p{Cc}+/gu, ' ').slice(0, 500) : '',
    serviceCode: serviceCode === '' ? undefined : serviceCode,
  };
}

/** `aws.protocoltests#FooError:http://…` → `FooError`. */
function codeName(raw: string): string {
  return (raw.split(':')[0] ?? '')
    .split('#')
    .slice(-1)
    .join()
    .replace(/\P{ASCII}|\W/gu, '')
    .slice(0, 100);
}

function parseObject(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
