import {
  hasContextTag,
  readCount,
  readExplicit,
  readObjectIdentifier,
  readSequence,
} from '../der/der-values.js';
import type { DerNode } from '../der/read-der.js';
import type { SignatureAlgorithm, SignatureHash } from './certificate.js';
import { HASH_BY_OID, RSASSA_PSS_OID, SIGNATURE_ALGORITHMS } from './signature-algorithms.js';

/** An AlgorithmIdentifier of a signature. @throws Error when it is not one */
export function readSignatureAlgorithm(node: DerNode | undefined): SignatureAlgorithm {
  const [type, parameters] = readSequence(node, 'the signature algorithm');
  const oid = readObjectIdentifier(type, 'the signature algorithm');
  if (oid === RSASSA_PSS_OID) return readPssAlgorithm(parameters);
  const known = Object.hasOwn(SIGNATURE_ALGORITHMS, oid) ? SIGNATURE_ALGORITHMS[oid] : undefined;
  return known ?? { oid, name: oid };
}

/** Every field has a default: SHA-1, MGF1 with SHA-1, 20 octets of salt. @see RFC 4055 §3.1 */
function readPssAlgorithm(parameters: DerNode | undefined): SignatureAlgorithm {
  const fields = parameters === undefined ? [] : readSequence(parameters, 'the RSASSA-PSS parameters');
  const hash = hashField(fields, 0);
  const maskHash = maskHashField(fields);
  const salt = fields.find((field) => hasContextTag(field, 2));
  const saltLength =
    salt === undefined ? 20 : readCount(readExplicit(salt, 'the salt length'), 'the salt length');
  // node:crypto signs and verifies with one hash for both; another pair is left without a hash, and so unsupported.
  if (hash === undefined || hash !== maskHash) return { oid: RSASSA_PSS_OID, name: 'RSA-PSS' };
  return { oid: RSASSA_PSS_OID, name: `RSA-PSS-${hash.replace('-', '')}`, hash, saltLength };
}

function hashField(fields: readonly DerNode[], tagNumber: number): SignatureHash | undefined {
  const field = fields.find((candidate) => hasContextTag(candidate, tagNumber));
  return field === undefined ? 'SHA-1' : hashOf(readExplicit(field, 'the hash algorithm'));
}

function maskHashField(fields: readonly DerNode[]): SignatureHash | undefined {
  const field = fields.find((candidate) => hasContextTag(candidate, 1));
  if (field === undefined) return 'SHA-1';
  const [, hash] = readSequence(readExplicit(field, 'the mask function'), 'the mask function');
  return hashOf(hash);
}

function hashOf(node: DerNode | undefined): SignatureHash | undefined {
  const oid = readObjectIdentifier(readSequence(node, 'the hash algorithm')[0], 'the hash algorithm');
  return Object.hasOwn(HASH_BY_OID, oid) ? HASH_BY_OID[oid] : undefined;
}
