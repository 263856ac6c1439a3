import { setImmediate as nextTurn } from 'node:timers/promises';
import { malformed } from '../pkcs12-fault.js';
import { type Encrypted, readEncryption } from '../protection/encryption.js';
import { type BerValue, readBer } from './ber.js';
import type { BerCheck } from './check-ber.js';
import { TAG, readExplicit, readObjectIdentifier, readOctetString, readSequence } from './ber-values.js';

/** Something in a bag, with the attribute that ties a key to its certificate. */
export interface Bag<Content> {
  readonly content: Content;
  /** Hexadecimal localKeyID; undefined when the bag has none. */
  readonly localKeyId: string | undefined;
}

/** What the bags of one part hold, as far as an identity needs it. CRLs, secrets and unknown bags are passed over. */
export interface SafeContents {
  /** PKCS#8, DER or BER. */
  readonly plainKeys: readonly Bag<Uint8Array>[];
  readonly encryptedKeys: readonly Bag<Encrypted>[];
  /** X.509, DER. */
  readonly certificates: readonly Bag<Uint8Array>[];
}

const BAG = '1.2.840.113549.1.12.10.1';
const KEY_BAG = `${BAG}.1`;
const SHROUDED_KEY_BAG = `${BAG}.2`;
const CERTIFICATE_BAG = `${BAG}.3`;
const SAFE_CONTENTS_BAG = `${BAG}.6`;
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';

/** A millisecond or two, at some tenths for each. */
const BAGS_IN_A_TURN = 4;
const SEQUENCE = 0x30;

/**
 * Reads the bags of one part, and of the parts inside it: one by one, since the parser would hold the event loop for a tenth of a
 * second with a store of all root certificates.
 *
 * @param check - looks at all BER of the file before it is parsed
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED` for a key whose encryption is not known
 * @see RFC 7292 §4.2, RFC 2985 §5.5.2 (localKeyID)
 */
export async function readSafeContents(bytes: Uint8Array, check: BerCheck): Promise<SafeContents> {
  const bags = check(bytes);
  if (bytes[0] !== SEQUENCE) throw malformed('a sequence is missing');
  const read: SafeContents[] = [];
  for (const bag of bags) {
    if (read.length % BAGS_IN_A_TURN === BAGS_IN_A_TURN - 1) await nextTurn();
    read.push(readBag(readBer(bag)));
  }
  return joinSafeContents(read);
}

function joinSafeContents(parts: readonly SafeContents[]): SafeContents {
  return {
    plainKeys: parts.flatMap(({ plainKeys }) => plainKeys),
    encryptedKeys: parts.flatMap(({ encryptedKeys }) => encryptedKeys),
    certificates: parts.flatMap(({ certificates }) => certificates),
  };
}

const NOTHING: SafeContents = { plainKeys: [], encryptedKeys: [], certificates: [] };

function readBag(bag: BerValue): SafeContents {
  const [id, tagged, attributes] = readSequence(bag);
  const type = readObjectIdentifier(id);
  const value = readExplicit(tagged, 0);
  const localKeyId = readLocalKeyId(attributes);
  if (type === KEY_BAG) return { ...NOTHING, plainKeys: [{ content: value.ber, localKeyId }] };
  if (type === SHROUDED_KEY_BAG)
    return { ...NOTHING, encryptedKeys: [{ content: readEncryptedKey(value), localKeyId }] };
  if (type === SAFE_CONTENTS_BAG) return joinSafeContents(readSequence(value).map(readBag));
  if (type !== CERTIFICATE_BAG) return NOTHING;
  const [certificateType, certificate] = readSequence(value);
  if (readObjectIdentifier(certificateType) !== X509_CERTIFICATE) return NOTHING;
  const content = readOctetString(readExplicit(certificate, 0));
  return { ...NOTHING, certificates: [{ content, localKeyId }] };
}

/** RFC 5958 §3: EncryptedPrivateKeyInfo */
function readEncryptedKey(value: BerValue): Encrypted {
  const [algorithm, ciphertext] = readSequence(value);
  if (algorithm === undefined) throw malformed('the encryption of a key is missing');
  return { encryption: readEncryption(algorithm), ciphertext: readOctetString(ciphertext) };
}

function readLocalKeyId(attributes: BerValue | undefined): string | undefined {
  if (attributes?.tag !== TAG.set) return undefined;
  for (const attribute of attributes.children) {
    const [type, values] = readSequence(attribute);
    const [value] = values?.children ?? [];
    if (readObjectIdentifier(type) === LOCAL_KEY_ID && value?.tag === TAG.octetString)
      return Buffer.from(value.content).toString('hex');
  }
  return undefined;
}
