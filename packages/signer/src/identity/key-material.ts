import { type DerElement, TAG, readDerChildren, readDerSequence, readObjectIdentifier } from '../x509/der.js';
import { type PemBlock, PemError, isPem, parsePem } from '../x509/pem.js';

/** Bytes or text that a certificate or a key was given as, and where they came from. */
export interface Source {
  /** A path, or the name of an option; goes into messages. */
  readonly label: string;
  readonly data: string | Uint8Array;
}

/** What the bytes of a PEM block or a DER file are. */
export type MaterialKind =
  | 'pkcs8'
  | 'pkcs1'
  | 'sec1'
  | 'encrypted-pkcs8'
  | 'traditional'
  | 'certificate'
  | 'a public key'
  | 'a certificate request (CSR)'
  | 'a PKCS#12 file'
  | 'a PKCS#7 file'
  | 'a TPM 2.0 key'
  | 'an OpenSSH key'
  | 'something of more than 64 KiB'
  | 'unknown';

/** One thing found in a source. */
export interface Material {
  readonly kind: MaterialKind;
  readonly block: PemBlock;
}

/** A certificate with chain and key is some kilobytes. What is larger was given by mistake. */
export const MAXIMUM_SOURCE_BYTES = 1024 * 1024;

const TOO_LARGE = 'larger than 1 MiB';
/** No certificate that a header can carry is larger, and no key; larger ones are only slow to look into. */
const MAXIMUM_BLOCK_BYTES = 64 * 1024;

/** Stands for the label that a DER file does not have; no PEM label is in lower case. */
const DER_LABEL = 'der';

/** Labels whose content is not told by its structure. */
const BY_LABEL: Readonly<Record<string, MaterialKind>> = {
  CERTIFICATE: 'certificate',
  'X509 CERTIFICATE': 'certificate',
  'OPENSSH PRIVATE KEY': 'an OpenSSH key',
  'TSS2 PRIVATE KEY': 'a TPM 2.0 key',
  'CERTIFICATE REQUEST': 'a certificate request (CSR)',
  'NEW CERTIFICATE REQUEST': 'a certificate request (CSR)',
  'PUBLIC KEY': 'a public key',
  'RSA PUBLIC KEY': 'a public key',
  PKCS7: 'a PKCS#7 file',
  CMS: 'a PKCS#7 file',
};

/** Blocks that carry nothing of use, such as the parameters that `openssl ecparam` writes before a key. */
const IGNORED_LABELS = new Set(['EC PARAMETERS', 'DH PARAMETERS', 'X509 CRL']);

/**
 * What a source holds: each block of a PEM text, or the one thing in a DER file. DER is told by its structure, not tried.
 *
 * @throws PemError when a PEM text is cut off or damaged, or the source is larger than 1 MiB
 */
export function readMaterial({ data }: Source): Material[] {
  if (data.length > MAXIMUM_SOURCE_BYTES) throw new PemError(TOO_LARGE);
  if (typeof data !== 'string' && data.length > 0 && !isPem(data))
    return [materialOf({ label: DER_LABEL, headers: [], der: data })];
  return parsePem(data)
    .filter((block) => !IGNORED_LABELS.has(block.label))
    .map(materialOf);
}

/** Why a source could not be read, and what to do, in the words that follow its name. */
export function describeDamage(cause: unknown): string {
  return cause instanceof PemError && cause.message === TOO_LARGE
    ? 'has more than the 1 MiB that certificates and keys may take. Give the right one.'
    : 'is damaged or cut off. Replace it with an intact PEM or DER file.';
}

/** The kinds whose name is not yet what a person calls them. */
const NAMES: Readonly<Partial<Record<MaterialKind, string>>> = {
  pkcs8: 'a private key',
  pkcs1: 'a private key',
  sec1: 'a private key',
  'encrypted-pkcs8': 'an encrypted private key',
  traditional: 'an encrypted private key',
  certificate: 'a certificate',
};

/**
 * Says that a source lacks what was wanted, in the words that follow its name: "is empty", "holds a certificate and a public
 * key but no private key".
 */
export function describeLack({ data }: Source, materials: readonly Material[], wanted: string): string {
  if (data.length === 0) return 'is empty';
  if (materials.some(({ kind, block }) => kind === 'unknown' && block.label === DER_LABEL))
    return 'is neither PEM nor intact DER';
  const names = new Set(materials.map(nameOf));
  return names.size === 0
    ? `holds no PEM block with a ${wanted}`
    : `holds ${[...names].join(' and ')} but no ${wanted}`;
}

function nameOf({ kind, block }: Material): string {
  return kind === 'unknown' ? `a damaged or unknown block ("BEGIN ${block.label}")` : (NAMES[kind] ?? kind);
}

function materialOf(block: PemBlock): Material {
  const isLarge = block.der.length > MAXIMUM_BLOCK_BYTES;
  return { kind: isLarge ? 'something of more than 64 KiB' : kindOfBlock(block), block };
}

function kindOfBlock(block: PemBlock): MaterialKind {
  const byLabel = BY_LABEL[block.label];
  if (byLabel !== undefined) return byLabel;
  if (block.headers.some((header) => /^Proc-Type:.*ENCRYPTED/i.test(header))) return 'traditional';
  return kindOfDer(block.der);
}

/** RFC 5958 §2 and §3, RFC 8017 §A.1, RFC 5915 §3, RFC 5280 §4.1, RFC 2986 §4, RFC 7292 §4. */
function kindOfDer(der: Uint8Array): MaterialKind {
  let elements: DerElement[];
  try {
    elements = readDerSequence(der);
  } catch {
    return 'unknown';
  }
  const [first, second, third] = elements.map((element) => element.tag);
  const { integer, sequence, octetString, bitString, objectIdentifier } = TAG;
  if (first === integer && second === integer) return elements.length > 2 ? 'pkcs1' : 'a public key';
  if (first === integer && second === octetString) return 'sec1';
  if (first === integer && second === sequence) return third === octetString ? 'pkcs8' : 'a PKCS#12 file';
  if (first === sequence && second === octetString) return 'encrypted-pkcs8';
  if (first === sequence && second === bitString) return 'a public key';
  if (first === sequence && second === sequence && third === bitString) return signedKind(elements[0]);
  if (first === objectIdentifier) return objectKind(elements[0]);
  return 'unknown';
}

/** Both are signed; a certificate has six fields at least, a request at most four. */
function signedKind(signed: DerElement | undefined): MaterialKind {
  try {
    const fields = signed === undefined ? [] : readDerChildren(signed);
    return fields.length <= 4 ? 'a certificate request (CSR)' : 'certificate';
  } catch {
    return 'unknown';
  }
}

function objectKind(type: DerElement | undefined): MaterialKind {
  try {
    const oid = type === undefined ? '' : readObjectIdentifier(type.content);
    return oid.startsWith('2.23.133.10.1.') ? 'a TPM 2.0 key' : 'a PKCS#7 file';
  } catch {
    return 'unknown';
  }
}
