import { createHash } from 'node:crypto';
import { type X509Identity, isRolesAnywhereError } from '@rolesanywhere/signer';
import { svidIdentity } from './svid-identity.js';
import type { X509Svid } from './workload-api/x509-svid-response.js';

/** What the last message offers. */
export interface Offer {
  /** Tells whether anything changed, without keeping the key; empty where there is no X.509-SVID. */
  readonly fingerprint: string;
  readonly spiffeId: string;
  /** Made at the first call. @throws IdentityError, SigningError */
  identity(): Promise<X509Identity>;
}

/** What {@link createOffer} must know beside the X.509-SVID. */
export interface OfferContext {
  readonly before: Offer | undefined;
  readonly isClosed: () => boolean;
}

/** The offer before, if nothing changed: then its key is not parsed again. Otherwise a new one. */
export function createOffer(svid: X509Svid, { before, isClosed }: OfferContext): Offer {
  const fingerprint = fingerprintOf(svid);
  if (before?.fingerprint === fingerprint) return before;
  const { spiffeId } = svid;
  /** The X.509-SVID is let go of when it is made: it is a part of a message with every private key in it. */
  let state: X509Svid | Promise<X509Identity> = svid;

  async function make(raw: X509Svid): Promise<X509Identity> {
    try {
      return await svidIdentity(raw, isClosed);
    } catch (error) {
      // Only waiting helps against a clock that is behind that of the authority.
      if (isRolesAnywhereError(error) && error.code === 'CERTIFICATE_NOT_YET_VALID') state = raw;
      throw error;
    }
  }

  return {
    fingerprint,
    spiffeId,
    identity() {
      if (!(state instanceof Promise)) state = make(state);
      return state;
    },
  };
}

/** A message with nothing that was wanted. */
export function emptyOffer(reason: Error): Offer {
  return { fingerprint: '', spiffeId: '', identity: () => Promise.reject(reason) };
}

function fingerprintOf({ spiffeId, certificates, privateKey }: X509Svid): string {
  return [new TextEncoder().encode(spiffeId), certificates, privateKey]
    .map((octets) => createHash('sha256').update(octets).digest('base64'))
    .join();
}
