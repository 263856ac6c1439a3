import { malformed, unsupported } from '../pkcs12-fault.js';
import { type BerValue, readBer } from './ber.js';
import {
  hasContextTag,
  joinOctets,
  readCount,
  readExplicit,
  readObjectIdentifier,
  readOctetString,
  readSequence,
} from './ber-values.js';

/** How the bytes of a file are made sure of; not yet understood. */
export interface MacData {
  /** AlgorithmIdentifier. */
  readonly algorithm: BerValue;
  readonly digest: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** Something that a passphrase protects. */
export interface Encrypted {
  /** AlgorithmIdentifier. */
  readonly algorithm: BerValue;
  readonly ciphertext: Uint8Array;
}

/** A part of the file that holds bags: as it is, or encrypted. */
export type Safe =
  | { readonly kind: 'plain'; readonly content: Uint8Array }
  | { readonly kind: 'encrypted'; readonly content: Encrypted };

/** The outside of a PKCS#12 file. */
export interface Pfx {
  readonly safes: readonly Safe[];
  /** What the MAC covers. */
  readonly authenticated: Uint8Array;
  readonly mac: MacData | undefined;
}

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const ENVELOPED_DATA = '1.2.840.113549.1.7.3';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const VERSION = 3;
/** Programs write two: certificates and keys. */
const MOST_PARTS = 16;

/**
 * Reads the outside of a PKCS#12 file. Nothing is decrypted yet.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 * @see RFC 7292 §4
 */
export function readPfx(bytes: Uint8Array): Pfx {
  const [version, authSafe, macData] = readSequence(readBer(bytes));
  if (readCount(version) !== VERSION) throw malformed(`it is not of version ${VERSION}`);
  const { type, content } = readContentInfo(authSafe);
  if (type === SIGNED_DATA) throw unsupported('a digital signature (public-key integrity)');
  if (type !== DATA) throw malformed('its content is of an unknown type');
  const authenticated = readOctetString(content);
  const parts = readSequence(readBer(authenticated));
  if (parts.length > MOST_PARTS) throw malformed(`it has ${parts.length} parts, more than ${MOST_PARTS}`);
  return {
    authenticated,
    safes: parts.map(readSafe),
    mac: macData === undefined ? undefined : readMacData(macData),
  };
}

/** RFC 7292 §4: MacData; the count of iterations is 1 when it is not there. */
function readMacData(value: BerValue): MacData {
  const [digestInfo, salt, iterations] = readSequence(value);
  const [algorithm, digest] = readSequence(digestInfo);
  if (algorithm === undefined) throw malformed('the algorithm of its MAC is missing');
  return {
    algorithm,
    digest: readOctetString(digest),
    salt: readOctetString(salt),
    iterations: iterations === undefined ? 1 : readCount(iterations),
  };
}

function readSafe(value: BerValue): Safe {
  const { type, content } = readContentInfo(value);
  if (type === DATA) return { kind: 'plain', content: readOctetString(content) };
  if (type === ENVELOPED_DATA) throw unsupported('a public key (envelopedData)');
  if (type !== ENCRYPTED_DATA) throw malformed('one of its parts is of an unknown type');
  // RFC 5652 §8: EncryptedData { version, { type, algorithm, [0] ciphertext } }
  const [, info] = readSequence(content);
  const [, algorithm, ciphertext] = readSequence(info);
  if (algorithm === undefined || !hasContextTag(ciphertext, 0)) throw malformed('an encrypted part is empty');
  return { kind: 'encrypted', content: { algorithm, ciphertext: joinOctets(ciphertext) } };
}

function readContentInfo(value: BerValue | undefined): { readonly type: string; readonly content: BerValue } {
  const [type, content] = readSequence(value);
  return { type: readObjectIdentifier(type), content: readExplicit(content, 0) };
}
