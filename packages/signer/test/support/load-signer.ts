import { jest } from '@jest/globals';
import type * as fromPemModule from '../../src/identity/from-pem.js';
import type * as identityModule from '../../src/identity/x509-identity.js';
import type * as signerModule from '../../src/index.js';
import type * as certificateModule from '../../src/x509/certificate.js';

export const PLATFORMS = ['node', 'web'] as const;
export type PlatformName = (typeof PLATFORMS)[number];

export interface LoadedSigner {
  readonly signer: typeof signerModule;
  readonly fromPem: typeof fromPemModule;
  readonly identity: typeof identityModule;
  readonly certificate: typeof certificateModule;
}

/** The whole package with one side of the `#platform` door: the real modules, only which one is chosen differs. */
export async function loadSigner(name: PlatformName): Promise<LoadedSigner> {
  jest.resetModules();
  const chosen =
    name === 'web' ? await import('../../src/platform/web.js') : await import('../../src/platform/node.js');
  jest.unstable_mockModule('#platform', () => ({ platform: chosen.platform }));
  return {
    signer: await import('../../src/index.js'),
    fromPem: await import('../../src/identity/from-pem.js'),
    identity: await import('../../src/identity/x509-identity.js'),
    certificate: await import('../../src/x509/certificate.js'),
  };
}
