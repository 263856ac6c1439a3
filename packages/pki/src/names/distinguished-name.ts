/** One attribute of a name, such as `CN=server`. */
export interface NameAttribute {
  /** Dotted object identifier, such as `2.5.4.3`. */
  readonly oid: string;
  /** `CN`, `O`, `OU`, `C`, `ST`, `L`, `serialNumber`, `UID`, `DC`, `emailAddress` …; absent for an OID without a usual short name. */
  readonly shortName?: string;
  /** The value as text. A value that is not a string in ASN.1 is given as `#` and the hex of its DER (RFC 4514 §2.4). */
  readonly value: string;
}

/** A subject or an issuer. */
export interface DistinguishedName {
  /** The name exactly as encoded in the certificate. */
  readonly der: Uint8Array;
  /** RFC 2253 text, most specific attribute first: `CN=server,O=Example,C=ES`. Empty for an empty name. */
  readonly text: string;
  /** Every attribute in certificate order; those of a multi-valued RDN follow one another. */
  readonly attributes: readonly NameAttribute[];
  /** The same attributes grouped into relative distinguished names, in certificate order. */
  readonly relativeNames: readonly (readonly NameAttribute[])[];
  /**
   * The comparison form, one string for each relative name: two names are equal when these are.
   * Case, runs of spaces, the string type and the order inside a multi-valued RDN do not count.
   *
   * @see RFC 5280 §7.1
   */
  readonly normalized: readonly string[];
}
