import { fromPem, fromPemFiles, type Passphrase, type X509IdentityProvider } from '@rolesanywhere/signer';
import { expandHome } from './expand-home.js';
import { isSameMaterial, type IdentityMaterial } from './identity-material.js';

/** Gives the identity provider of what is configured. */
export type IdentityKeeper = (material: IdentityMaterial) => X509IdentityProvider;

/**
 * Makes one provider and gives it again for as long as the same is configured, so that files which did not change are not
 * parsed again, and a rotation caught half-way finds the last good identity. Nothing is read before the provider is called.
 */
export function createIdentityKeeper(): IdentityKeeper {
  let kept: { readonly material: IdentityMaterial; readonly provider: X509IdentityProvider } | undefined;
  return (material) => {
    if (kept === undefined || !isSameMaterial(kept.material, material)) {
      kept = { material, provider: startLazily(material) };
    }
    return kept.provider;
  };
}

function startLazily(material: IdentityMaterial): X509IdentityProvider {
  let started: X509IdentityProvider | undefined;
  return async () => {
    started ??= await identityFromMaterial(material);
    return started();
  };
}

async function identityFromMaterial(material: IdentityMaterial): Promise<X509IdentityProvider> {
  const { form, certificate, privateKey, chain, passphraseFile } = material;
  const passphrase: Passphrase | undefined =
    passphraseFile === undefined ? material.passphrase : { file: await expandHome(passphraseFile) };
  if (form === 'texts') return fromPem({ certificate, privateKey, chain, passphrase });
  const [certificatePath, privateKeyPath, chainPath] = await Promise.all([
    expandHome(certificate),
    privateKey === undefined ? undefined : expandHome(privateKey),
    chain === undefined ? undefined : expandHome(chain),
  ]);
  return fromPemFiles({
    certificate: certificatePath,
    privateKey: privateKeyPath,
    chain: chainPath,
    passphrase,
  });
}
