import type { AttemptFailure } from './attempt-failure.js';
import { errorText, untrustedCertificate } from './error-text.js';
import type { ProxyError } from './transport/proxy-error.js';

/** The failure of an attempt that got no further than the proxy. Its 4xx are final; a 5xx may be gone the next moment. */
export function describeProxyFailure(cause: ProxyError, host: string): AttemptFailure {
  const { what, remedy, permanent } =
    cause.status === undefined ? unreached(cause) : refused(cause, cause.status);
  const message = `CreateSession did not reach ${host}: the proxy ${cause.proxy} ${what}. ${remedy}`;
  return { code: 'NETWORK_FAILED', message, cause, permanent: permanent === true };
}

interface Explanation {
  readonly what: string;
  readonly remedy: string;
  readonly permanent?: boolean;
}

interface KnownFailure extends Explanation {
  readonly pattern: RegExp;
}

const knownFailures: readonly KnownFailure[] = [
  {
    pattern: untrustedCertificate,
    what: 'shows a TLS certificate that is not trusted',
    remedy:
      'Start Node with NODE_EXTRA_CA_CERTS set to the file with its CA, or give clientConfig.requestHandler an httpsAgent with ca.',
    permanent: true,
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN/,
    what: 'was not found',
    remedy: 'Check its name in HTTPS_PROXY, and DNS.',
  },
  {
    pattern: /ECONNREFUSED/,
    what: 'refused the connection',
    remedy: 'Check host and port in HTTPS_PROXY, and whether it runs.',
  },
  {
    pattern: /ETIMEDOUT|no answer within/,
    what: 'did not answer in time',
    remedy: 'Check HTTPS_PROXY and the firewall.',
  },
];

function unreached(cause: ProxyError): Explanation {
  const text = errorText(cause);
  return (
    knownFailures.find(({ pattern }) => pattern.test(text)) ?? {
      what: 'failed',
      remedy:
        'Check HTTPS_PROXY: whether it is a proxy, and one for http:// or https://; the cause has the details.',
    }
  );
}

function refused({ reason, schemes }: ProxyError, status: number): Explanation {
  // tinyproxy answers 401 to a wrong password.
  if (status === 407 || status === 401) {
    const isBasic = schemes.length === 0 || schemes.some((scheme) => scheme.toLowerCase() === 'basic');
    return {
      what: `asks for authentication (${status})`,
      remedy: isBasic
        ? 'Put the right user name and password, percent-encoded, into HTTPS_PROXY (HTTP_PROXY for an http:// endpoint).'
        : `It takes ${schemes.join(', ')} only, and here Basic is spoken: put a local proxy between that can do it.`,
      permanent: true,
    };
  }
  const said = [status, reason].filter(Boolean).join(' ');
  if (status >= 500) {
    return { what: `found no way (${said})`, remedy: 'Check that it can resolve and reach this host.' };
  }
  return {
    what: `refused the tunnel (${said})`,
    remedy: 'Let it connect to this host and port, or name the host in NO_PROXY.',
    permanent: true,
  };
}
