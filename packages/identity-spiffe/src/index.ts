export { fromSpiffe } from './from-spiffe.js';
export type { SpiffeIdentityProvider } from './from-spiffe.js';
export type { FromSpiffeInit } from './from-spiffe-init.js';
