import { IdentityError, type IdentityErrorCode } from '@rolesanywhere/signer';
import { PERMANENT, handleText, isPersistent } from '../tpm/constants.js';
import { createReader } from '../tpm/reader.js';
import {
  DER_TAG,
  type DerElement,
  readDerElements,
  readDerInside,
  readDerSequence,
  readObjectIdentifier,
} from './der.js';

/** A key that only one TPM can use, as its file has it. */
export interface Tss2Key {
  /** Of a persistent key, or of a hierarchy whose storage key is made anew. */
  readonly parent: number;
  /** What the file says about the password: `true` for none; absent when it says nothing, which means that there is one. */
  readonly emptyAuth?: boolean;
  /** True when the storage key of the hierarchy is an RSA key. */
  readonly rsaParent: boolean;
  /** TPMT_PUBLIC. */
  readonly publicArea: Uint8Array;
  /** The encrypted private part. */
  readonly privateArea: Uint8Array;
  /** Of an importable key: what its private part is encrypted with, for its parent alone. */
  readonly secret?: Uint8Array;
}

const LOADABLE = '2.23.133.10.1.3';
const IMPORTABLE = '2.23.133.10.1.4';
const OTHER_TYPES: Readonly<Record<string, string>> = {
  '2.23.133.10.1.5': 'holds sealed data, not a key. Give the file of a key',
};
const HIERARCHIES: ReadonlySet<number> = new Set([
  PERMANENT.owner,
  PERMANENT.null,
  PERMANENT.endorsement,
  PERMANENT.platform,
]);

/**
 * Reads the DER of a `TSS2 PRIVATE KEY`.
 *
 * @param label - the path, for messages
 * @throws IdentityError `PRIVATE_KEY_INVALID` when it is damaged, `KEY_UNSUPPORTED` for sealed data and for a key with a policy
 * @see draft-bottomley-tpm2-keys, section "TPM Key ASN.1"
 */
export function parseTss2Key(der: Uint8Array, label: string): Tss2Key {
  try {
    return readFields(readDerSequence(der), label);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `The TPM key file ${label} is damaged: ${error.message}. Restore the file.`;
    throw new IdentityError({ code: 'PRIVATE_KEY_INVALID', message, cause: error });
  }
}

function readFields([type, ...fields]: readonly DerElement[], label: string): Tss2Key {
  const isImportable = typeOf(type, label) === IMPORTABLE;
  const optional = new Map<number, DerElement>();
  while (fields[0] !== undefined && (fields[0].tag & DER_TAG.context) === DER_TAG.context) {
    const field = fields.shift();
    if (field !== undefined) optional.set(field.tag & 0x1f, readDerInside(field));
  }
  refusePolicies(optional, label);
  const [parent, publicPart, privatePart, ...more] = fields;
  if (parent?.tag !== DER_TAG.integer || more.length > 0)
    throw new RangeError('its fields are not those of a key');
  const emptyAuth = booleanOf(optional.get(0));
  return {
    parent: parentOf(parent, label),
    ...(emptyAuth === undefined ? {} : { emptyAuth }),
    rsaParent: booleanOf(optional.get(5)) ?? false,
    publicArea: sizedContent(publicPart, 'public'),
    privateArea: sizedContent(privatePart, 'private'),
    ...secretOf(optional.get(2), isImportable, label),
  };
}

function typeOf(type: DerElement | undefined, label: string): string {
  if (type?.tag !== DER_TAG.objectIdentifier) throw new RangeError('it does not begin with a type');
  const oid = readObjectIdentifier(type.content);
  if (oid === LOADABLE || oid === IMPORTABLE) return oid;
  const what = OTHER_TYPES[oid] ?? `is of the unknown type ${oid}. Give a loadable key (${LOADABLE})`;
  throw refusal('KEY_UNSUPPORTED', `${label} ${what}`);
}

function refusePolicies(optional: ReadonlyMap<number, DerElement>, label: string): void {
  const policies = [optional.get(1), optional.get(3)].filter((field) => field !== undefined);
  if (policies.every((field) => readDerElements(field.content).length === 0)) return;
  const what =
    'has a policy, and policies are not supported. Make a key that is used with a password or without';
  throw refusal('KEY_UNSUPPORTED', `${label} ${what}`);
}

function secretOf(
  field: DerElement | undefined,
  isImportable: boolean,
  label: string,
): { readonly secret?: Uint8Array } {
  if (isImportable) return { secret: sizedContent(field, 'secret') };
  if (field === undefined) return {};
  const what = 'has the field `secret`, which only an importable key has. Make the file anew';
  throw refusal('PRIVATE_KEY_INVALID', `${label} ${what}`);
}

/** Old tools wrote any octet but zero for true, which DER does not allow. */
function booleanOf(element: DerElement | undefined): boolean | undefined {
  if (element === undefined) return undefined;
  if (element.tag !== DER_TAG.boolean || element.content.length !== 1)
    throw new RangeError('a flag is no BOOLEAN');
  return element.content[0] !== 0;
}

/** 32 bits; some tools leave out the octet that would make handles from 0x80000000 on positive. */
function parentOf({ content }: DerElement, label: string): number {
  if (content.length === 0 || content.length > 5) throw new RangeError('its parent is no handle');
  const parent = content.reduce((value, octet) => value * 256 + octet, 0);
  if (isPersistent(parent) || HIERARCHIES.has(parent)) return parent;
  const what = `names the parent ${handleText(parent)}, which is neither persistent (0x81…) nor a hierarchy. Make the file anew`;
  throw refusal('PRIVATE_KEY_INVALID', `${label} ${what}`);
}

/** What a `TPM2B` in an OCTET STRING holds. */
function sizedContent(element: DerElement | undefined, part: string): Uint8Array {
  if (element?.tag !== DER_TAG.octetString) throw new RangeError(`it has no ${part} part`);
  const reader = createReader(element.content);
  const content = reader.sized();
  reader.end();
  if (content.length === 0) throw new RangeError(`its ${part} part is empty`);
  return content;
}

function refusal(code: IdentityErrorCode, what: string): IdentityError {
  return new IdentityError({ code, message: `The TPM key file ${what}.` });
}
