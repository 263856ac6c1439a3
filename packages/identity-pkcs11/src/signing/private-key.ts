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
 * The private key of a search.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` when none or several are found, `KEY_UNSUPPORTED` when it is neither RSA nor EC
 */
export function findPrivateKey(view: ObjectView, search: KeySearch): FoundKey {
  const handles = handlesOf(view, search);
  const publicKeys = search.certificates.map(publicKeyFacts).filter((facts) => facts !== undefined);
  const isMine = (handle: Handle): boolean => publicKeys.some((facts) => isKeyOf(view, handle, facts));
  const mine = handles.length > 1 ? handles.filter(isMine) : handles;
  const [handle] = mine;
  if (handle === undefined)
    throw keyError(search, handles.length === 0 ? 'no private key' : 'no matching private key');
  if (mine.length > 1) throw keyError(search, `${mine.length} private keys`);
  const keyType = numberOf(bytesOf(view, handle, CKA.keyType));
  const algorithm = ALGORITHMS[String(keyType)];
  if (algorithm === undefined) throw unsupported(search, keyType);
  return { handle, algorithm, wantsPin: bytesOf(view, handle, CKA.alwaysAuthenticate)[0] === 1 };
}

function handlesOf({ cryptoki, session }: ObjectView, { names }: KeySearch): readonly Handle[] {
  for (const name of names) {
    const handles = cryptoki.find(session, templateOf(CKO.privateKey, name));
    if (handles.length > 0) return handles;
  }
  return [];
}

/** Told by the public half: a modulus is shown by private keys too, a point only by the public key of the same id. */
function isKeyOf(view: ObjectView, handle: Handle, facts: PublicKeyFacts): boolean {
  if (facts.kind === 'RSA') return isEqual(withoutZeros(bytesOf(view, handle, CKA.modulus)), facts.modulus);
  const id = bytesOf(view, handle, CKA.id);
  const publicKeys = view.cryptoki.find(view.session, templateOf(CKO.publicKey, { id }));
  return publicKeys.some((key) => isPointOf(bytesOf(view, key, CKA.ecPoint), facts));
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
