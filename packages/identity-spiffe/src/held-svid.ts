import { IdentityError, type X509Identity, isRolesAnywhereError } from '@rolesanywhere/signer';
import type { SvidSelector } from './from-spiffe-init.js';
import { type Offer, createOffer, emptyOffer } from './offer.js';
import { chooseSvid, describeLack } from './workload-api/choose-svid.js';
import type { X509Svid } from './workload-api/x509-svid-response.js';

/** The X.509-SVID that the last message offered, and the identity that was made of it or of the one before. */
export interface HeldSvid {
  /** A message came; it takes the place of the one before. */
  take(svids: readonly X509Svid[]): void;
  /** No identity is issued any more. */
  drop(): void;
  /** Undefined when there is nothing, or nothing that has not expired. @throws IdentityError, SigningError */
  identity(): Promise<X509Identity | undefined>;
  /** Undefined when there is nothing. */
  offer(): Offer | undefined;
}

/** What {@link createHeldSvid} must know. */
export interface HeldSvidContext {
  readonly selector: SvidSelector;
  /** Begins a message: "The SPIFFE Workload API at …". */
  readonly where: string;
  readonly clock: () => Date;
  readonly isClosed: () => boolean;
}

/**
 * Holds nothing yet. An X.509-SVID that a message does not have any more is not used any more. One that cannot be read is
 * discarded: then the one before with the same SPIFFE ID is used for as long as it is valid, with `keptBecause`.
 *
 * @see SPIFFE Workload API §4.4, §4.5, §5.2.1
 */
export function createHeldSvid({ selector, where, clock, isClosed }: HeldSvidContext): HeldSvid {
  let offer: Offer | undefined;
  /** Settled when what came last was made, or, where it cannot be read, what came before it. */
  let making: Promise<void> = Promise.resolve();
  let lastGood: { readonly identity: X509Identity; readonly spiffeId: string } | undefined;

  function hold(next: Offer | undefined): void {
    offer = next;
    if (next?.spiffeId !== lastGood?.spiffeId) lastGood = undefined;
    // Made as soon as it comes, so that it is there for the time when the one after it cannot be read.
    const before = making;
    if (next !== undefined) making = make(next).catch(() => before);
  }

  async function make(asked: Offer): Promise<void> {
    const { spiffeId } = asked;
    const made = await asked.identity();
    // A message that came in the meantime may have what cannot be read: then this one is better than none.
    const isBetterThanNone = lastGood === undefined && spiffeId === offer?.spiffeId;
    if (asked === offer || isBetterThanNone) lastGood = { identity: made, spiffeId };
  }

  function inTime(): X509Identity | undefined {
    return lastGood !== undefined && clock() <= lastGood.identity.expiration ? lastGood.identity : undefined;
  }

  function instead(error: unknown): X509Identity | undefined {
    const last = inTime();
    if (last !== undefined) return { ...last, keptBecause: error };
    if (isExpired(error)) return undefined;
    throw error;
  }

  async function identity(): Promise<X509Identity | undefined> {
    const asked = offer;
    if (asked === undefined) return undefined;
    try {
      await make(asked);
    } catch (error) {
      await making;
      if (asked === offer) return instead(error);
    }
    // Another message came in the meantime.
    return asked === offer ? inTime() : identity();
  }

  return {
    take(svids) {
      const chosen = chooseSvid(svids, selector);
      if (chosen !== undefined) return hold(createOffer(chosen, { before: offer, clock, isClosed }));
      const message = `${where} ${describeLack(svids, selector)}`;
      return hold(emptyOffer(new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message })));
    },
    drop: () => hold(undefined),
    identity,
    offer: () => offer,
  };
}

function isExpired(error: unknown): boolean {
  return isRolesAnywhereError(error) && error.code === 'CERTIFICATE_EXPIRED';
}
