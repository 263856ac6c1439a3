import { createHash } from 'node:crypto';
import {
  IdentityError,
  SigningError,
  type X509Identity,
  createX509Identity,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';
import type { Pkcs11Settings } from './check-init.js';
import { identityErrorOf } from './errors/pkcs11-identity-error.js';
import { createPinSource } from './pin/pin-source.js';
import { type IdentityCertificates, certificatesFinder } from './selection/identity-certificates.js';
import { type FoundKey, type KeySearch, findPrivateKey } from './signing/private-key.js';
import { tokenSigningKey } from './signing/token-signing-key.js';
import { readFileOf } from './read-file.js';
import { type TokenLink, createTokenLink } from './token/token-link.js';

/** Reads the identity, and keeps it while nothing changes. */
export interface IdentityLoader {
  /** @throws IdentityError, SigningError `KEY_MISMATCH` */
  load(): Promise<X509Identity>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** What a loader gets from its provider. */
export interface LoaderContext {
  readonly clock: () => Date;
  /** Aborted with an error when the provider is closed. */
  readonly closing: AbortSignal;
}

interface Kept {
  /** Of the bytes that it was made from. */
  readonly fingerprint: string;
  readonly identity: X509Identity;
}

/** The token and the files behind one provider. Calls at the same time share one load. */
export function createIdentityLoader(
  settings: Pkcs11Settings,
  { clock, closing }: LoaderContext,
): IdentityLoader {
  const { place } = settings;
  const finder = certificatesFinder(settings);
  const link = createTokenLink({
    modulePaths: settings.modulePaths,
    moduleParameters: settings.moduleParameters,
    search: {
      attributes: settings.token,
      place,
      holdsWanted: (cryptoki, session) => finder.holdsWanted(cryptoki, session),
    },
    pin: createPinSource(settings.pin),
    maxSessions: settings.maxSessions,
    closing,
  });
  let kept: Kept | undefined;
  let flight: Promise<X509Identity> | undefined;

  async function load(): Promise<X509Identity> {
    const certificatePath = 'path' in settings.certificate ? settings.certificate.path : undefined;
    const [file, chain] = await Promise.all([readIfNamed(certificatePath), readIfNamed(settings.chainPath)]);
    const { certificates, search, key } = await link.run(async ({ cryptoki }, session) => {
      const view = { cryptoki, session };
      const found = await finder.find(view, file);
      const keySearch = searchOf(settings, found);
      return { certificates: found, search: keySearch, key: await findPrivateKey(view, keySearch) };
    });
    const parts = { ...certificates, chain: chain ?? certificates.chain };
    const fingerprint = fingerprintOf(parts, key);
    if (kept?.fingerprint !== fingerprint || clock() > kept.identity.expiration)
      kept = { fingerprint, identity: await identify(link, { settings, parts, search, key }) };
    return kept.identity;
  }

  return {
    load() {
      flight ??= load()
        .catch((error: unknown) => {
          throw identityErrorOf(error, place);
        })
        .finally(() => {
          flight = undefined;
        });
      return flight;
    },
    close: () => link.close(),
  };
}

/** By the URI of the key; where that does not say which, by the certificate. */
function searchOf(
  { privateKey, place }: Pkcs11Settings,
  { candidates, names }: IdentityCertificates,
): KeySearch {
  const { object, id } = privateKey ?? {};
  const isNamed = object !== undefined || id !== undefined;
  return {
    names: isNamed ? [{ object, id }] : names,
    certificates: candidates,
    isAnyNameRight: !isNamed,
    place,
  };
}

interface IdentityInput {
  readonly settings: Pkcs11Settings;
  readonly parts: Pick<IdentityCertificates, 'certificate' | 'chain'>;
  readonly search: KeySearch;
  readonly key: FoundKey;
}

async function identify(
  link: TokenLink,
  { settings, parts, search, key }: IdentityInput,
): Promise<X509Identity> {
  try {
    return await createX509Identity({ ...parts, key: tokenSigningKey(link, search, key.algorithm) });
  } catch (error) {
    throw withPlaces(error, settings);
  }
}

/** Without the words of a caller of `createX509Identity`: its options are a token and files here. */
function withPlaces(error: unknown, { certificate, chainPath, place }: Pkcs11Settings): unknown {
  if (!isRolesAnywhereError(error)) return error;
  const message = error.message
    .replaceAll('`certificate`', () => ('path' in certificate ? certificate.path : place))
    .replaceAll('`chain`', () => chainPath ?? place);
  const { cause } = error;
  if (error instanceof IdentityError) return new IdentityError({ code: error.code, message, cause });
  return error instanceof SigningError ? new SigningError({ code: error.code, message, cause }) : error;
}

async function readIfNamed(path: string | undefined): Promise<Uint8Array | undefined> {
  return path === undefined ? undefined : readFileOf(path);
}

function fingerprintOf(
  { certificate, chain }: Pick<IdentityCertificates, 'certificate' | 'chain'>,
  key: FoundKey,
): string {
  const pieces = [certificate, ...(chain instanceof Uint8Array ? [chain] : (chain ?? []))];
  const digests = pieces.map((bytes) => createHash('sha256').update(bytes).digest('base64'));
  return [key.algorithm, String(key.wantsPin), ...digests].join();
}
