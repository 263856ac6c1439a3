export { fromTpm } from './from-tpm.js';
export type { FromTpmInit, TpmIdentityProvider } from './from-tpm.js';
