import { IdentityError, type SigningAlgorithm } from '@rolesanywhere/signer';
import type { Handle } from '../module/addon.js';
import { numberOf } from '../module/cryptoki.js';
import {
  CKA,
  CKK,
  CKO,
  type ObjectName,
  type ObjectView,
  bytesOf,
  templateOf,
} from '../token/token-objects.js';
import { type PublicKeyFacts, publicKeyFacts } from './public-key-facts.js';

/** How a private key is searched. */
export interface KeySearch {
  /** By the URI of the key, or by the certificate: its id, then its label. The first that finds something counts. */
  readonly names: readonly ObjectName[];
  /** Certificates, PEM or DER: of several keys the one that belongs to one of them is taken. */
  readonly certificates: readonly Uint8Array[];
  /** Whether any key that belongs to one of the certificates will do, when no name leads to one. */
  readonly isAnyNameRight: boolean;
  /** For messages. */
  readonly place: string;
}

/** A private key in a token. */
export interface FoundKey {
  readonly handle: Handle;
  readonly algorithm: SigningAlgorithm;
  /** CKA_ALWAYS_AUTHENTICATE: the PIN is wanted for each signature. */
  readonly wantsPin: boolean;
}

const ALGORITHMS: Readonly<Record<string, SigningAlgorithm>> = {
  [CKK.rsa]: 'AWS4-X509-RSA-SHA256',
  [CKK.ec]: 'AWS4-X509-ECDSA-SHA256',
};

/**
 * The private key of a search. One that is found by its name is taken, since the first signature proves it; of several, and
 * where no name leads to one, that whose public half is the certificate's.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` when none or several are found, `KEY_UNSUPPORTED` when it is neither RSA nor EC
 */
export async function findPrivateKey(view: ObjectView, search: KeySearch): Promise<FoundKey> {
  const handles = await handlesOf(view, search);
  const [handle] = handles;
  if (handle === undefined) throw keyError(search, 'no private key');
  if (handles.length > 1) throw keyError(search, `${handles.length} private keys`);
  const keyType = numberOf(await bytesOf(view, handle, CKA.keyType));
  const algorithm = ALGORITHMS[String(keyType)];
  if (algorithm === undefined) throw unsupported(search, keyType);
  const wantsPin = (await bytesOf(view, handle, CKA.alwaysAuthenticate))[0] === 1;
  return { handle, algorithm, wantsPin };
}

async function handlesOf(
  view: ObjectView,
  { names, certificates, isAnyNameRight }: KeySearch,
): Promise<readonly Handle[]> {
  const facts = certificates.map(publicKeyFacts).filter((one) => one !== undefined);
  for (const name of names) {
    const handles = await keysNamed(view, name);
    const mine = handles.length > 1 ? await matching(view, handles, facts) : handles;
    if (mine.length > 0) return mine;
  }
  return isAnyNameRight ? matching(view, await keysNamed(view, {}), facts) : [];
}

async function keysNamed({ cryptoki, session }: ObjectView, name: ObjectName): Promise<readonly Handle[]> {
  return cryptoki.find(session, templateOf(CKO.privateKey, name));
}

async function matching(
  view: ObjectView,
  handles: readonly Handle[],
  facts: readonly PublicKeyFacts[],
): Promise<readonly Handle[]> {
  const mine: Handle[] = [];
  for (const handle of handles) if (await isKeyOfSome(view, handle, facts)) mine.push(handle);
  return mine;
}

/** Told by the public half: a modulus is shown by private keys too, a point often only by the public key of the same id. */
async function isKeyOfSome(
  view: ObjectView,
  handle: Handle,
  facts: readonly PublicKeyFacts[],
): Promise<boolean> {
  const modulus = withoutZeros(await bytesOf(view, handle, CKA.modulus));
  if (modulus.length > 0) return facts.some((one) => one.kind === 'RSA' && isEqual(modulus, one.modulus));
  const id = await bytesOf(view, handle, CKA.id);
  const publicKeys =
    id.length === 0 ? [] : await view.cryptoki.find(view.session, templateOf(CKO.publicKey, { id }));
  for (const key of [handle, ...publicKeys]) {
    const point = await bytesOf(view, key, CKA.ecPoint);
    if (facts.some((one) => one.kind === 'EC' && isPointOf(point, one))) return true;
  }
  return false;
}

/** The point is wrapped into an OCTET STRING (PKCS#11 2.40 §2.3.3); some tokens give it bare. */
function isPointOf(shown: Uint8Array, { point }: Extract<PublicKeyFacts, { kind: 'EC' }>): boolean {
  return shown.length >= point.length && isEqual(shown.subarray(shown.length - point.length), point);
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((octet) => octet !== 0);
  return first < 0 ? new Uint8Array() : bytes.subarray(first);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function keyError({ names, place }: KeySearch, what: string): IdentityError {
  const sought = names.map(nameText).join(', then ');
  const message = `${place}: the token holds ${what} for ${sought}. Give the URI of the key as \`privateKey\`, with its \`id\`; \`pkcs11-tool --list-objects --login --type privkey\` shows them.`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

function nameText({ object, id }: ObjectName): string {
  const parts = [
    ...(object === undefined ? [] : [`object=${encodeURIComponent(object)}`]),
    ...(id === undefined ? [] : [`id=${idText(id)}`]),
  ];
  return parts.length === 0 ? 'any name' : parts.join(';');
}

/** As it stands in a URI. */
export function idText(id: Uint8Array): string {
  return Array.from(id, (octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
}

function unsupported({ place }: KeySearch, keyType: bigint): IdentityError {
  const message = `${place}: the private key is of the type 0x${keyType.toString(16)}, and only RSA and EC keys can sign for IAM Roles Anywhere here. Use one of those.`;
  return new IdentityError({ code: 'KEY_UNSUPPORTED', message });
}
