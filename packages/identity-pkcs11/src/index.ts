export { fromPkcs11 } from './from-pkcs11.js';
export type { Pkcs11IdentityProvider } from './from-pkcs11.js';
export type { FromPkcs11Init } from './from-pkcs11-init.js';
export type { CertificateSelector } from './selection/certificate-selector.js';
