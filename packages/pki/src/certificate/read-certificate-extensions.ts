import type { DerNode } from '../der/read-der.js';
import {
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtendedKeyUsage,
  readGeneralNames,
  readKeyUsage,
  readSubjectKeyIdentifier,
} from './certificate-extensions.js';
import type { Certificate } from './certificate.js';
import { EXTENSION_OID } from './extension-oids.js';
import { readExtensions, readExtensionValue, type RawExtension } from './read-extensions.js';
import { readNameConstraints } from './read-name-constraints.js';

/** The fields of a certificate that its extensions fill. */
type ExtensionFields = Pick<
  Certificate,
  | 'basicConstraints'
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'subjectAlternativeName'
  | 'subjectKeyIdentifier'
  | 'authorityKeyIdentifier'
  | 'nameConstraints'
  | 'extensions'
  | 'criticalExtensions'
>;

/** Reads all extensions; undefined for a certificate without them. @throws Error when a known one is malformed */
export function readCertificateExtensions(node: DerNode | undefined): ExtensionFields {
  const extensions = node === undefined ? [] : readExtensions(node);
  const read = extensionReader(extensions);
  const basicConstraints = read('basicConstraints', (value, critical) => ({
    critical,
    ...readBasicConstraints(value),
  }));
  const keyUsage = read('keyUsage', (value, critical) => ({ critical, usages: readKeyUsage(value) }));
  const extendedKeyUsage = read('extendedKeyUsage', (value, critical) => ({
    critical,
    purposes: readExtendedKeyUsage(value),
  }));
  const nameConstraints = read('nameConstraints', (value, critical) => ({
    critical,
    ...readNameConstraints(value),
  }));
  const subjectKeyIdentifier = read('subjectKeyIdentifier', readSubjectKeyIdentifier);
  const authorityKeyIdentifier = read('authorityKeyIdentifier', readAuthorityKeyIdentifier);
  return {
    ...(basicConstraints && { basicConstraints }),
    ...(keyUsage && { keyUsage }),
    ...(extendedKeyUsage && { extendedKeyUsage }),
    ...(nameConstraints && { nameConstraints }),
    ...(subjectKeyIdentifier && { subjectKeyIdentifier }),
    ...(authorityKeyIdentifier && { authorityKeyIdentifier }),
    subjectAlternativeName: read('subjectAlternativeName', readGeneralNames) ?? [],
    extensions: extensions.map(({ oid }) => oid),
    criticalExtensions: extensions.filter(({ critical }) => critical).map(({ oid }) => oid),
  };
}

function extensionReader(extensions: readonly RawExtension[]) {
  return <T>(
    name: keyof typeof EXTENSION_OID,
    read: (value: DerNode, critical: boolean) => T,
  ): T | undefined => {
    const extension = extensions.find(({ oid }) => oid === EXTENSION_OID[name]);
    return extension && read(readExtensionValue(extension), extension.critical);
  };
}
