import type { X509IdentityProvider } from '@rolesanywhere/signer';

/** A provider of identities, with the end of what it holds open, if it holds anything. */
export type ClosableIdentityProvider = X509IdentityProvider & { close?(): Promise<void> };

/** A provider that fails, with the code and the words that its error must have. */
export interface FailingIdentity {
  readonly provider: ClosableIdentityProvider;
  readonly code: string;
  /** What the message must name: a path, an address, a label. */
  readonly names: string;
}

/** What opens the key of a source: a passphrase, a PIN, a password. */
export interface PassphraseUnderTest {
  readonly right: string;
  readonly wrong: string;
  /** The same source anew, which asks this function. */
  open(ask: () => Promise<string>): ClosableIdentityProvider;
  /** What the message about a wrong one must name: a path, a label. */
  readonly names: string;
  /** How many wrong ones the device has counted. Absent: nothing counts them. */
  countWrong?(): Promise<number>;
}

/** One source under test, ready to be asked. */
export interface IdentityUnderTest {
  readonly provider: ClosableIdentityProvider;
  /** The leaf that it must give, PEM. */
  readonly certificatePem: string;
  /** Intermediates that it must give, the leaf's issuer first. Default: none. */
  readonly chainPem?: readonly string[];
  /** The CA to trust. */
  readonly trustAnchorPem: string;
  /** Puts another certificate (and key) in its place, as a renewal does; resolves to that leaf, PEM. Absent: it cannot change. */
  rotate?(): Promise<string>;
  /** Absent: the source has none. */
  readonly passphrase?: PassphraseUnderTest;
  /** Whose file, device or agent is not there. */
  readonly missing: FailingIdentity;
  /** Texts and bytes that no error, log or event may show: keys, passphrases, PINs. */
  readonly secrets: readonly (string | Uint8Array)[];
  /** Ends what the source stands on: devices, agents, folders. */
  end?(): Promise<void>;
}
