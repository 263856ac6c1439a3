import { createHash } from 'node:crypto';
import { IdentityError, type X509Identity } from '@rolesanywhere/signer';
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
  readonly clock: () => Date;
  readonly isClosed: () => boolean;
}

/** The offer before, if nothing changed: then its key is not parsed again. Otherwise a new one. */
export function createOffer(svid: X509Svid, { before, clock, isClosed }: OfferContext): Offer {
  const fingerprint = fingerprintOf(svid);
  if (before?.fingerprint === fingerprint) return before;
  const { spiffeId } = svid;
  /** The key is let go of when the identity is made. */
  let state: Untried | Promise<X509Identity> = { svid: copyOf(svid) };

  async function make(untried: X509Svid): Promise<X509Identity> {
    const at = clock();
    try {
      return await svidIdentity(untried, isClosed);
    } catch (error) {
      if (isOfTheClock(error)) state = { svid: untried, failure: { error, at } };
      throw error;
    }
  }

  return {
    fingerprint,
    spiffeId,
    identity() {
      if (state instanceof Promise) return state;
      if (state.failure !== undefined && !mayEndOtherwise(state.failure, clock()))
        return Promise.reject(state.failure.error);
      state = make(state.svid);
      return state;
    },
  };
}

/** An X.509-SVID of which no identity was made yet, and what it failed on before, if that may pass. */
interface Untried {
  readonly svid: X509Svid;
  readonly failure?: ClockFailure;
}

interface ClockFailure {
  readonly error: IdentityError;
  readonly at: Date;
}

function isOfTheClock(error: unknown): error is IdentityError {
  return (
    error instanceof IdentityError &&
    (error.code === 'CERTIFICATE_NOT_YET_VALID' || error.code === 'CERTIFICATE_EXPIRED')
  );
}

/** Only the clock changes it: one that was behind that of the authority goes on, one that was ahead is set back. */
function mayEndOtherwise({ error, at }: ClockFailure, now: Date): boolean {
  return error.code === 'CERTIFICATE_EXPIRED' ? now < at : now > at;
}

/** The message that it is a part of has every private key in it, and is not to be kept. */
function copyOf(svid: X509Svid): X509Svid {
  return {
    ...svid,
    certificates: new Uint8Array(svid.certificates),
    privateKey: new Uint8Array(svid.privateKey),
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
