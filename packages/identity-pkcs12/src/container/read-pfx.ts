import { malformed, unsupported } from '../pkcs12-fault.js';
import { type Encrypted, readEncryption } from '../protection/encryption.js';
import { type Mac, readMac } from '../protection/mac.js';
import { type BerValue, readBer } from './ber.js';
import type { BerCheck } from './check-ber.js';
import {
  hasContextTag,
  joinOctets,
  readCount,
  readExplicit,
  readObjectIdentifier,
  readOctetString,
  readSequence,
} from './ber-values.js';
import { type SafeContents, readSafeContents } from './read-safe-contents.js';

/** A part of the file that holds bags: as it is, or encrypted. */
export type Safe =
  | { readonly kind: 'plain'; readonly contents: SafeContents }
  | { readonly kind: 'encrypted'; readonly content: Encrypted };

/** The outside of a PKCS#12 file. */
export interface Pfx {
  readonly safes: readonly Safe[];
  /** What the MAC covers. */
  readonly authenticated: Uint8Array;
  readonly mac: Mac | undefined;
}

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const ENVELOPED_DATA = '1.2.840.113549.1.7.3';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const VERSION = 3;
/** Programs write two: certificates and keys. */
const MOST_PARTS = 16;

/**
 * Reads a PKCS#12 file as far as it can be read without a passphrase, and refuses what could not be opened with one.
 *
 * @param check - looks at all BER of the file before it is parsed
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 * @see RFC 7292 §4
 */
export async function readPfx(bytes: Uint8Array, check: BerCheck): Promise<Pfx> {
  check(bytes);
  const [version, authSafe, macData] = readSequence(readBer(bytes));
  if (readCount(version) !== VERSION) throw malformed(`it is not of version ${VERSION}`);
  const { type, content } = readContentInfo(authSafe);
  if (type === SIGNED_DATA) throw unsupported('a digital signature (public-key integrity)');
  if (type !== DATA) throw malformed('its content is of an unknown type');
  const authenticated = readOctetString(content);
  check(authenticated);
  const parts = readSequence(readBer(authenticated));
  if (parts.length > MOST_PARTS) throw malformed(`it has ${parts.length} parts, more than ${MOST_PARTS}`);
  const safes: Safe[] = [];
  // One after the other, or they would have their turns of the event loop together.
  for (const part of parts) safes.push(await readSafe(part, check));
  return {
    authenticated,
    safes,
    mac: macData === undefined ? undefined : readMac(macData),
  };
}

async function readSafe(value: BerValue, check: BerCheck): Promise<Safe> {
  const { type, content } = readContentInfo(value);
  if (type === DATA)
    return { kind: 'plain', contents: await readSafeContents(readOctetString(content), check) };
  if (type === ENVELOPED_DATA) throw unsupported('a public key (envelopedData)');
  if (type !== ENCRYPTED_DATA) throw malformed('one of its parts is of an unknown type');
  // RFC 5652 §8: EncryptedData { version, { type, algorithm, [0] ciphertext } }
  const [, info] = readSequence(content);
  const [, algorithm, ciphertext] = readSequence(info);
  if (algorithm === undefined || !hasContextTag(ciphertext, 0)) throw malformed('an encrypted part is empty');
  const encryption = readEncryption(algorithm);
  return { kind: 'encrypted', content: { encryption, ciphertext: joinOctets(ciphertext) } };
}

function readContentInfo(value: BerValue | undefined): { readonly type: string; readonly content: BerValue } {
  const [type, content] = readSequence(value);
  return { type: readObjectIdentifier(type), content: readExplicit(content, 0) };
}
