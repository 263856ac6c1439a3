export { fromPkcs12 } from './from-pkcs12.js';
export type { FromPkcs12Init } from './from-pkcs12.js';
