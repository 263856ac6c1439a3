import { EXTENSION_OID } from '../certificate/extension-oids.js';
import { readExtensions, readExtensionValue, type RawExtension } from '../certificate/read-extensions.js';
import { readEnumerated, readInteger, readSequence } from '../der/der-values.js';
import { readTime } from '../der/read-time.js';
import type { DerNode } from '../der/read-der.js';
import {
  REVOCATION_REASONS,
  type RevocationReason,
  type RevokedCertificate,
} from './certificate-revocation-list.js';
import { REASON_CODES } from './revocation-reason-codes.js';

/** One entry of a list, with its extensions. @throws Error when it is malformed @see RFC 5280 §5.3 */
export function readRevokedCertificate(node: DerNode): {
  readonly certificate: RevokedCertificate;
  readonly extensions: readonly RawExtension[];
} {
  const [serialNumber, revocationDate, extensionsNode, ...rest] = readSequence(node, 'an entry');
  if (rest.length > 0) throw new Error('an entry has extra parts');
  const extensions = extensionsNode === undefined ? [] : readExtensions(extensionsNode);
  const reason = readReason(extensions);
  const certificate = {
    serialNumber: readInteger(serialNumber, 'the serial number of an entry'),
    revocationDate: readTime(revocationDate, 'the date of an entry'),
    ...(reason && { reason }),
  };
  return { certificate, extensions };
}

function readReason(extensions: readonly RawExtension[]): RevocationReason | undefined {
  const extension = extensions.find(({ oid }) => oid === EXTENSION_OID.reasonCode);
  if (extension === undefined) return undefined;
  const code = readEnumerated(readExtensionValue(extension), 'a reason');
  return REVOCATION_REASONS.find((reason) => REASON_CODES[reason] === code);
}
