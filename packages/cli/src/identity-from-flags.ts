import { fromPemFiles, type X509IdentityProvider } from '@rolesanywhere/credential-provider';
import type { UsableFlags } from './judge-flags.js';

/**
 * The identity that the flags name. Without `--private-key` the certificate file holds the key too, as with
 * `aws_signing_helper`. An empty path counts as none. Nothing is read before the provider is called.
 */
export function identityFromFlags(flags: UsableFlags): X509IdentityProvider {
  const privateKey = flags['private-key'];
  const chain = flags.intermediates;
  return fromPemFiles({
    certificate: flags.certificate,
    ...(isGiven(privateKey) && { privateKey }),
    ...(isGiven(chain) && { chain }),
    passphrase: flags['pkcs8-password'],
  });
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
