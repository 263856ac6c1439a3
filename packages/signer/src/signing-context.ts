import type { X509Identity } from './identity/x509-identity.js';

/** Who signs, for where, and when. */
export interface SigningContext {
  readonly identity: X509Identity;
  /** The region of the endpoint, such as `eu-central-1`; not one of the `-fips` pseudo-regions. */
  readonly region: string;
  /** Default: `rolesanywhere`. */
  readonly service?: string;
  /** Default: now. */
  readonly signingDate?: Date;
}
