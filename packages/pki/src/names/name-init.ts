/** One attribute to be encoded. */
export interface NameAttributeInit {
  /** A short name (`CN`, `O`, `OU`, `C`, `ST`, `L`, `serialNumber`, `UID`, `DC`, `emailAddress` …, case does not count) or a dotted OID. */
  readonly type: string;
  /** Text; encoded as UTF8String, but PrintableString for C, serialNumber and dnQualifier, IA5String for DC and emailAddress. */
  readonly value: string;
  /** Another string type than the usual one. */
  readonly encoding?: 'utf8' | 'printable' | 'ia5' | 'teletex' | 'bmp';
}

/** A name in **certificate order** (most general first); an inner list is one multi-valued RDN; `[]` is the empty name. */
export type NameInit = readonly (NameAttributeInit | readonly NameAttributeInit[])[];
