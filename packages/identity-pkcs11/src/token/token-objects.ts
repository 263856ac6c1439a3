import { CryptokiError } from '../errors/cryptoki-error.js';
import type { Handle, TemplateAttribute } from '../module/addon.js';
import type { Cryptoki } from '../module/cryptoki.js';

/** Attributes and values that are used (PKCS#11 2.40 §A). */
export const CKA = {
  class: 0x00,
  label: 0x03,
  value: 0x11,
  certificateType: 0x80,
  keyType: 0x100,
  id: 0x102,
  modulus: 0x120,
  ecPoint: 0x181,
  alwaysAuthenticate: 0x202,
} as const;
export const CKO = { certificate: 1, publicKey: 2, privateKey: 3 } as const;
export const CKK = { rsa: 0, ec: 3 } as const;
const X509 = 0;

/** How an object is called. */
export interface ObjectName {
  /** CKA_LABEL. */
  readonly object?: string | undefined;
  /** CKA_ID. */
  readonly id?: Uint8Array | undefined;
}

/** A certificate in a token. */
export interface StoredCertificate {
  readonly der: Uint8Array;
  readonly label: string;
  readonly id: Uint8Array;
}

/** The session in which objects are looked at. */
export interface ObjectView {
  readonly cryptoki: Cryptoki;
  readonly session: Handle;
}

/** Larger than any certificate that the service takes. */
const MAXIMUM_CERTIFICATE_BYTES = 64 * 1024;

/** The search for objects of a class with a name. An empty id is none: it would match every object without one. */
export function templateOf(objectClass: number, { object, id }: ObjectName): readonly TemplateAttribute[] {
  return [
    { type: CKA.class, value: objectClass },
    ...(objectClass === CKO.certificate ? [{ type: CKA.certificateType, value: X509 }] : []),
    ...(object === undefined ? [] : [{ type: CKA.label, value: new TextEncoder().encode(object) }]),
    ...(id === undefined || id.length === 0 ? [] : [{ type: CKA.id, value: id }]),
  ];
}

/**
 * The X.509 certificates of a token, one after the other; those of a name first, in case there are too many. One that cannot be
 * read comes as its error: another's broken object is no reason to fail.
 */
export async function* readCertificates(
  view: ObjectView,
  name: ObjectName,
): AsyncGenerator<StoredCertificate | CryptokiError> {
  const seen = new Set<string>();
  for (const each of [name, {}]) {
    for (const object of await view.cryptoki.find(view.session, templateOf(CKO.certificate, each))) {
      const handle = Buffer.from(object).toString('hex');
      if (seen.has(handle)) continue;
      seen.add(handle);
      const stored = await storedCertificate(view, object);
      if (stored !== undefined) yield stored;
    }
  }
}

/** An attribute; empty when the object does not show it. */
export async function bytesOf(view: ObjectView, object: Handle, type: number): Promise<Uint8Array> {
  return (await view.cryptoki.attribute(view.session, object, type)) ?? new Uint8Array();
}

/** A certificate whose value is elsewhere (CKA_URL) is not there. */
async function storedCertificate(
  view: ObjectView,
  object: Handle,
): Promise<StoredCertificate | CryptokiError | undefined> {
  try {
    const der = await bytesOf(view, object, CKA.value);
    if (der.length === 0 || der.length > MAXIMUM_CERTIFICATE_BYTES) return undefined;
    const label = new TextDecoder().decode(await bytesOf(view, object, CKA.label));
    return { der, label, id: await bytesOf(view, object, CKA.id) };
  } catch (error) {
    if (error instanceof CryptokiError) return error;
    throw error;
  }
}
