import type { X509IdentityProvider } from '@rolesanywhere/signer';
import { type FromSpiffeInit, checkInit } from './from-spiffe-init.js';
import { closed } from './source-error.js';
import type { SvidSource } from './svid-source.js';
import { SYSTEM_TIMING, type Timing } from './timing.js';

/** Gives the current X.509-SVID until it is closed. */
export type SpiffeIdentityProvider = X509IdentityProvider & {
  /** Ends the stream at once. What was given does not sign any more. Can be called twice. */
  close(): Promise<void>;
};

/**
 * An identity from the SPIFFE Workload API. The first call opens a stream, on which the agent sends each new X.509-SVID; calls
 * after that answer from memory. When the agent goes away, the last X.509-SVID is given for as long as it is valid, and the
 * stream is opened again with growing pauses (0.1 s to 30 s, jittered). A call with nothing valid in hand waits for
 * `timeoutMilliseconds` at most. The stream does not keep a finished process alive.
 *
 * @param init - default: the endpoint in `SPIFFE_ENDPOINT_SOCKET`, its first X.509-SVID
 * @throws ConfigurationError `INVALID_OPTION` at once
 * @throws IdentityError, SigningError from the provider: `IDENTITY_UNAVAILABLE` when there is no agent, no identity is issued to
 *   this process, or none fits; else the codes of `createX509Identity`
 * @example
 * const provider = fromSpiffe({ endpoint: 'unix:///run/spire/agent.sock', spiffeId: 'spiffe://example.org/backend' });
 * @see SPIFFE Workload Endpoint, SPIFFE Workload API §5
 */
export function fromSpiffe(init: FromSpiffeInit = {}): SpiffeIdentityProvider {
  return spiffeProvider(init, SYSTEM_TIMING);
}

/** {@link fromSpiffe} with a clock, timers and dice. */
export function spiffeProvider(init: FromSpiffeInit, timing: Timing): SpiffeIdentityProvider {
  const settings = checkInit(init);
  let source: Promise<SvidSource> | undefined;
  let isClosed = false;

  async function open(): Promise<SvidSource> {
    const { openSvidSource } = await import('./svid-source.js');
    return openSvidSource(settings, timing);
  }

  async function provider(): ReturnType<X509IdentityProvider> {
    if (isClosed) throw closed();
    source ??= open();
    return (await source).current();
  }

  async function close(): Promise<void> {
    isClosed = true;
    (await source)?.close();
  }

  return Object.assign(provider, { close });
}
