import type { NameInit } from './name-init.js';

/** A general name to be encoded, in a subject alternative name or a name constraint. */
export type GeneralNameInit =
  | { readonly type: 'dns' | 'uri' | 'email'; readonly value: string }
  /** `192.0.2.1`, `2001:db8::1`; in a name constraint with a mask: `192.0.2.0/24`. */
  | { readonly type: 'ip'; readonly value: string }
  /** RFC 2253 text (most specific first) or structured, in certificate order. */
  | { readonly type: 'directoryName'; readonly value: string | NameInit }
  | { readonly type: 'registeredId'; readonly value: string };
