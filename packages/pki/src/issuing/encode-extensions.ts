import { BitString, ObjectIdentifier, OctetString, Sequence, type AsnType } from 'asn1js';
import { AuthorityKeyIdentifier, BasicConstraints, Extension, GeneralNames } from 'pkijs';
import { KEY_USAGES, type KeyUsage } from '../certificate/certificate.js';
import { EXTENSION_OID } from '../certificate/extension-oids.js';
import { PkiError } from '../errors.js';
import { encodeGeneralName } from '../names/encode-general-name.js';
import type { GeneralNameInit } from '../names/general-name-init.js';
import type { BasicConstraintsInit, CertificateOptions, ExtensionInit } from './certificate-options.js';
import { encodeNameConstraints } from './encode-name-constraints.js';
import { purposeOid } from '../certificate/purpose-oids.js';

/** What a certificate says when its options are silent. */
export interface ExtensionDefaults {
  readonly basicConstraints: BasicConstraintsInit;
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage: readonly string[];
  readonly subjectKeyIdentifier: Uint8Array;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  /** RFC 5280 §4.2.1.6: with an empty subject the alternative name is critical. */
  readonly hasEmptySubject: boolean;
}

/** All extensions; one of `options.extensions` takes the place of a default one with its OID. */
export function encodeExtensions(options: CertificateOptions, defaults: ExtensionDefaults): Extension[] {
  const given = (options.extensions ?? []).map(encodeGivenExtension);
  const replaced = new Set(given.map(({ extnID }) => extnID));
  const usual = usualExtensions(options, defaults).filter(({ extnID }) => !replaced.has(extnID));
  return [...usual, ...given];
}

/** An extension given as DER. */
export function encodeGivenExtension({ oid, critical, value }: ExtensionInit): Extension {
  return new Extension({
    extnID: oid,
    critical: critical ?? false,
    extnValue: Uint8Array.from(value).buffer,
  });
}

function usualExtensions(options: CertificateOptions, defaults: ExtensionDefaults): Extension[] {
  const basicConstraints = present(options.basicConstraints, defaults.basicConstraints);
  const keyUsage = present(options.keyUsage, defaults.keyUsage);
  const purposes = present(options.extendedKeyUsage, defaults.extendedKeyUsage) ?? [];
  const subjectKey = present(options.subjectKeyIdentifier, defaults.subjectKeyIdentifier);
  const authorityKey = present(options.authorityKeyIdentifier, defaults.authorityKeyIdentifier);
  const alternativeNames = options.subjectAlternativeName ?? [];
  return [
    basicConstraints && encodeBasicConstraints(basicConstraints),
    keyUsage && encodeKeyUsage(keyUsage),
    purposes.length > 0 ? encodePurposes(purposes) : undefined,
    subjectKey && encodeSubjectKey(subjectKey),
    authorityKey && encodeAuthorityKey(authorityKey),
    alternativeNames.length > 0 ? encodeNames(alternativeNames, defaults.hasEmptySubject) : undefined,
    options.nameConstraints && encodeNameConstraints(options.nameConstraints),
  ].filter((usual) => usual !== undefined);
}

/** An option left out has its usual value; `absent` has none. */
function present<T>(option: T | 'absent' | undefined, usual: T): T | undefined {
  return option === 'absent' ? undefined : (option ?? usual);
}

function encodeBasicConstraints({ ca, pathLength, critical }: BasicConstraintsInit): Extension {
  if (pathLength !== undefined && !(Number.isSafeInteger(pathLength) && pathLength >= 0)) {
    throw new PkiError('INVALID_OPTION', `A path length is a whole number from 0 on, not ${pathLength}.`);
  }
  const value = new BasicConstraints({
    cA: ca,
    ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
  });
  return extension(EXTENSION_OID.basicConstraints, critical ?? true, value.toSchema());
}

/** Bits are numbered from the left; DER drops zero bits at the end (X.690 §11.2.2). */
function encodeKeyUsage(usages: readonly KeyUsage[]): Extension {
  const numbers = usages.map((usage) => KEY_USAGES.indexOf(usage));
  const last = Math.max(-1, ...numbers);
  const octets = new Uint8Array(Math.ceil((last + 1) / 8));
  for (const bit of numbers) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  const unusedBits = last === -1 ? 0 : 7 - (last % 8);
  return extension(EXTENSION_OID.keyUsage, true, new BitString({ valueHex: octets, unusedBits }));
}

function encodePurposes(purposes: readonly string[]): Extension {
  const value = purposes.map((purpose) => new ObjectIdentifier({ value: purposeOid(purpose) }));
  return extension(EXTENSION_OID.extendedKeyUsage, false, new Sequence({ value }));
}

function encodeSubjectKey(identifier: Uint8Array): Extension {
  return extension(EXTENSION_OID.subjectKeyIdentifier, false, new OctetString({ valueHex: identifier }));
}

/** Also used by revocation lists. */
export function encodeAuthorityKey(identifier: Uint8Array): Extension {
  const value = new AuthorityKeyIdentifier({ keyIdentifier: new OctetString({ valueHex: identifier }) });
  return extension(EXTENSION_OID.authorityKeyIdentifier, false, value.toSchema());
}

function encodeNames(names: readonly GeneralNameInit[], critical: boolean): Extension {
  const value = new GeneralNames({ names: names.map(encodeGeneralName) });
  return extension(EXTENSION_OID.subjectAlternativeName, critical, value.toSchema());
}

/** An extension from the schema of its value. */
export function extension(extnID: string, critical: boolean, value: AsnType): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() });
}
