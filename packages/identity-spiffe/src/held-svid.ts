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
 * discarded: then the one before is used for as long as it is valid.
 *
 * @see SPIFFE Workload API §4.4, §4.5, §5.2.1
 */
export function createHeldSvid({ selector, where, clock, isClosed }: HeldSvidContext): HeldSvid {
  let offer: Offer | undefined;
  let lastGood: X509Identity | undefined;

  function hold(next: Offer | undefined): void {
    offer = next;
    if (next === undefined || next.spiffeId === '') lastGood = undefined;
  }

  function isInTime(made: X509Identity | undefined): boolean {
    return made !== undefined && clock() <= made.expiration;
  }

  async function identity(): Promise<X509Identity | undefined> {
    const asked = offer;
    try {
      const made = await asked?.identity();
      if (asked === offer) lastGood = made;
    } catch (error) {
      if (asked === offer && !isInTime(lastGood) && !isExpired(error)) throw error;
    }
    // Another message came in the meantime.
    if (asked !== offer) return identity();
    return isInTime(lastGood) ? lastGood : undefined;
  }

  return {
    take(svids) {
      const chosen = chooseSvid(svids, selector);
      if (chosen !== undefined) return hold(createOffer(chosen, { before: offer, isClosed }));
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
