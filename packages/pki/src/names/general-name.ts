import type { DistinguishedName } from './distinguished-name.js';

/** An entry of a subject alternative name or of a name constraint. @see RFC 5280 §4.2.1.6 */
export interface GeneralName {
  /** `other` stands for the forms nobody here compares: otherName, x400Address, ediPartyName, registeredID. */
  readonly type: 'dns' | 'uri' | 'email' | 'ip' | 'directoryName' | 'other';
  /**
   * Text. For `ip` an address (`192.0.2.1`, `2001:db8::1`), in a name constraint `address/mask`;
   * for `directoryName` its RFC 2253 text; for `other` the DER in hex.
   */
  readonly value: string;
  /** The name itself; only with `directoryName`. */
  readonly name?: DistinguishedName;
}
