import type { AttemptFailure } from './attempt-failure.js';
import { errorText, untrustedCertificate } from './error-text.js';
import { requestIdOf } from './response-failure.js';
import { describeProxyFailure } from './proxy-failure.js';
import { ProxyError } from './transport/proxy-error.js';
import { BodyTooLargeError } from './transport/read-body.js';

interface KnownFailure {
  /** Matches the code, or the message, of the error underneath. */
  readonly pattern: RegExp;
  readonly what: string;
  readonly remedy: string;
  readonly permanent?: boolean;
}

const knownFailures: readonly KnownFailure[] = [
  {
    pattern: /Bad response: 407/,
    what: 'the proxy asks for authentication (407)',
    remedy: 'Put the user name and password into the proxy URL.',
    permanent: true,
  },
  {
    pattern: /Bad response: \d+/,
    what: 'the proxy refused the connection',
    remedy: 'Let the proxy connect to this host on port 443, or name the host in NO_PROXY.',
  },
  {
    pattern: untrustedCertificate,
    what: 'the TLS certificate of the endpoint is not trusted',
    remedy: 'If a proxy inspects TLS here, start Node with NODE_EXTRA_CA_CERTS set to the file with its CA.',
    permanent: true,
  },
  {
    pattern: /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|WRONG_VERSION|PACKET_LENGTH_TOO_LONG|EPROTO/,
    what: 'no TLS of version 1.2 or newer was to be had',
    remedy: 'Check clientConfig.endpoint, its port, and any proxy on the way.',
    permanent: true,
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN/,
    what: 'the host name was not found',
    remedy: 'Check the region, clientConfig.endpoint and DNS.',
  },
  {
    pattern: /ECONNREFUSED/,
    what: 'the connection was refused',
    remedy: 'Check clientConfig.endpoint, its port, and the firewall.',
  },
  {
    pattern: /ETIMEDOUT|timed out|the configured timeout|Proxy timeout/,
    what: 'there was no answer in time',
    remedy: 'Check the firewall and any proxy on the way.',
  },
  {
    pattern: /ECONNRESET|EPIPE|aborted|socket hang up/,
    what: 'the connection was cut',
    remedy: 'Check the network and any proxy on the way.',
  },
];

const unknownFailure = {
  what: 'the network failed',
  remedy: 'Check the network, and HTTPS_PROXY if there is a proxy; the cause has the details.',
};

/** The failure of an attempt that got no answer. */
export function describeNetworkFailure(cause: unknown, host: string): AttemptFailure {
  if (cause instanceof BodyTooLargeError) {
    const { head } = cause;
    return {
      status: head?.status,
      requestId: head && requestIdOf(head),
      code: 'RESPONSE_MALFORMED',
      message: `The answer of ${host} is no session: it is too large. Check clientConfig.endpoint and any proxy on the way.`,
      cause,
    };
  }
  if (cause instanceof ProxyError) return describeProxyFailure(cause, host);
  const text = errorText(cause);
  const known = knownFailures.find(({ pattern }) => pattern.test(text));
  const { what, remedy } = known ?? unknownFailure;
  return {
    code: 'NETWORK_FAILED',
    message: `CreateSession did not reach ${host}: ${what}. ${remedy}`,
    cause: withoutPacket(cause, text),
    permanent: known?.permanent === true,
  };
}

/** Node's HTTP parser puts the bytes it read into its error: half of an answer, and perhaps the secret half. */
function withoutPacket(cause: unknown, text: string): unknown {
  const holdsPacket = typeof cause === 'object' && cause !== null && 'rawPacket' in cause;
  return holdsPacket ? new Error(text.trim()) : cause;
}
