import type { X509Identity } from '@rolesanywhere/signer';
import type { Settings } from './from-spiffe-init.js';
import { createHeldSvid } from './held-svid.js';
import { closed, expired, failed, late } from './source-error.js';
import type { Timing } from './timing.js';
import { createWaitingRoom } from './waiting-room.js';
import { describeEndpoint } from './workload-api/endpoint.js';
import { openSvidStream } from './workload-api/svid-stream.js';
import { type WatchListener, watchSvids } from './workload-api/watch-svids.js';
import type { WorkloadApiError } from './workload-api/workload-api-error.js';

/** The identity that the Workload API gives at the moment. */
export interface SvidSource {
  /** @throws IdentityError, SigningError */
  current(): Promise<X509Identity>;
  close(): void;
}

/**
 * Opens the stream, keeps what it gives, and lets those wait who come before there is anything.
 *
 * @see SPIFFE Workload API §4.2, §4.3
 */
export function openSvidSource(settings: Settings, timing: Timing): SvidSource {
  const { endpoint, selector, timeoutMilliseconds } = settings;
  const where = `The SPIFFE Workload API at ${describeEndpoint(endpoint)} (${settings.endpointOption})`;
  const room = createWaitingRoom(timing);
  let isClosed = false;
  const held = createHeldSvid({ selector, where, clock: timing.clock, isClosed: () => isClosed });
  let trouble: WorkloadApiError | undefined;

  const listener: WatchListener = {
    svids(svids) {
      trouble = undefined;
      held.take(svids);
      room.wake();
    },
    trouble(error) {
      trouble = error;
      if (error.fault === 'denied') held.drop();
      if (error.fault === 'foreign' || error.fault === 'refused') room.fail(failed(where, error));
    },
    isAwaited: () => room.isAwaited(),
  };
  const watch = watchSvids((stream) => openSvidStream(endpoint, stream), listener, timing);

  async function inHand(): Promise<X509Identity | undefined> {
    const identity = await held.identity();
    if (isClosed) throw closed();
    return identity;
  }

  /** Why there is nothing valid. */
  function reason(): Error {
    const spiffeId = held.offer()?.spiffeId;
    return spiffeId === undefined
      ? late({ where, timeoutMilliseconds, trouble })
      : expired({ where, spiffeId, trouble });
  }

  async function nextMessage(): Promise<void> {
    if (trouble?.fault === 'refused') throw failed(where, trouble);
    const message = room.wait(timeoutMilliseconds, reason);
    if (held.offer() === undefined) watch.hurry();
    else watch.renew();
    await message;
  }

  return {
    async current() {
      const valid = await inHand();
      if (valid !== undefined) return valid;
      await nextMessage();
      const given = await inHand();
      if (given === undefined) throw reason();
      return given;
    },
    close() {
      isClosed = true;
      watch.close();
      held.drop();
      room.fail(closed());
    },
  };
}
