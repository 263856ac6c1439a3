import { type BerCheck, createBerCheck } from './container/check-ber.js';
import { containerBytes } from './container/container-bytes.js';
import { type Pfx, type Safe, readPfx } from './container/read-pfx.js';
import { type Bag, type SafeContents, readSafeContents } from './container/read-safe-contents.js';
import { Pkcs12Fault, passphraseWrong } from './pkcs12-fault.js';
import { decrypt } from './protection/decrypt.js';
import { type Encrypted, costOfEncryption } from './protection/encryption.js';
import { type IterationBudget, createIterationBudget } from './protection/iteration-budget.js';
import { type Mac, costOfMac } from './protection/mac.js';
import { type Secret, secretsOf } from './protection/secrets.js';
import { verifyMac } from './protection/verify-mac.js';

const SEQUENCE = 0x30;

/** What an identity can be made of. */
export interface Pkcs12Contents {
  /** PKCS#8, DER or BER, not encrypted any more. */
  readonly keys: readonly Bag<Uint8Array>[];
  /** X.509, DER. */
  readonly certificates: readonly Bag<Uint8Array>[];
}

/**
 * Opens a PKCS#12 file: checks its MAC, decrypts its parts and keys.
 *
 * @param askPassphrase - called once, and only for a file that is protected; undefined: there is none, so the file must open
 *   with an empty one
 * @throws Pkcs12Fault `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`, `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 */
export async function openPkcs12(
  data: Uint8Array,
  askPassphrase: () => Promise<string | undefined>,
): Promise<Pkcs12Contents> {
  const check = createBerCheck();
  const pfx = await readPfx(containerBytes(data), check);
  const spend = createIterationBudget();
  spendForAll(pfx, spend);
  const passphrase = isProtected(pfx) ? ((await askPassphrase()) ?? '') : '';
  const opened = await openWithAny({ pfx, check, spend }, secretsOf(passphrase));
  if (opened !== undefined) return opened;
  // An empty text may really be the passphrase; mostly it is a variable that is not set.
  if (passphrase !== '') throw passphraseWrong();
  const message = 'is protected with a passphrase. Set `passphrase`, a text or a function.';
  throw new Pkcs12Fault('PASSPHRASE_REQUIRED', message);
}

/** A file on its way through this, and the work it has asked for. */
interface Opening {
  readonly pfx: Pfx;
  readonly check: BerCheck;
  readonly spend: IterationBudget;
}

function isProtected({ mac, safes }: Pfx): boolean {
  return mac !== undefined || safes.some((safe) => encryptedIn(safe).length > 0);
}

function encryptedIn(safe: Safe): readonly Encrypted[] {
  return safe.kind === 'encrypted' ? [safe.content] : encryptedKeysOf(safe.contents);
}

function encryptedKeysOf({ encryptedKeys }: SafeContents): readonly Encrypted[] {
  return encryptedKeys.map(({ content }) => content);
}

/** Before the first of them is begun: what has begun in the thread pool cannot be stopped. */
function spendForAll({ mac, safes }: Pfx, spend: IterationBudget): void {
  if (mac !== undefined) spend(costOfMac(mac));
  for (const { encryption } of safes.flatMap(encryptedIn)) spend(costOfEncryption(encryption));
}

/** Undefined when none of the secrets fits. A MAC that a secret did not make needs no second look with the same one. */
async function openWithAny(
  opening: Opening,
  [secret, ...others]: readonly Secret[],
): Promise<Pkcs12Contents | undefined> {
  if (secret === undefined) return undefined;
  const { mac, authenticated } = opening.pfx;
  // Side by side: each is derived from the passphrase for itself, which takes the time.
  const [isAuthentic, contents] = await Promise.allSettled([
    mac === undefined || verifyMac({ mac, authenticated }, secret),
    openContents(opening, secret),
  ]);
  if (isAuthentic.status === 'rejected') throw isAuthentic.reason;
  if (isAuthentic.value && contents.status === 'rejected') throw contents.reason;
  if (isAuthentic.value && contents.status === 'fulfilled' && contents.value !== undefined)
    return contents.value;
  const next = isAuthentic.value ? others : others.filter((other) => !isSameFor(mac, secret, other));
  if (next.length > 0) spendForAll(opening.pfx, opening.spend);
  return openWithAny(opening, next);
}

function isSameFor(mac: Mac | undefined, one: Secret, other: Secret): boolean {
  const form = mac?.derivation.kind === 'pkcs12' ? 'bmp' : 'octets';
  return Buffer.compare(one[form], other[form]) === 0;
}

async function openContents(opening: Opening, secret: Secret): Promise<Pkcs12Contents | undefined> {
  const opened = await Promise.all(opening.pfx.safes.map((safe) => openSafe(opening, safe, secret)));
  const safes = opened.filter((safe) => safe !== undefined);
  if (safes.length < opened.length) return undefined;
  return {
    keys: safes.flatMap(({ keys }) => keys),
    certificates: safes.flatMap(({ certificates }) => certificates),
  };
}

async function openSafe(
  { check, spend }: Opening,
  safe: Safe,
  secret: Secret,
): Promise<Pkcs12Contents | undefined> {
  if (safe.kind === 'plain') return openKeys(safe.contents, secret);
  const octets = await decryptSequence(safe.content, secret);
  if (octets === undefined) return undefined;
  const contents = await readSafeContents(octets, check);
  for (const { encryption } of encryptedKeysOf(contents)) spend(costOfEncryption(encryption));
  return openKeys(contents, secret);
}

async function openKeys(
  { plainKeys, encryptedKeys, certificates }: SafeContents,
  secret: Secret,
): Promise<Pkcs12Contents | undefined> {
  const opened = await Promise.all(
    encryptedKeys.map(async ({ content, localKeyId }): Promise<Bag<Uint8Array> | undefined> => {
      const octets = await decryptSequence(content, secret);
      return octets && { content: octets, localKeyId };
    }),
  );
  const keys = opened.filter((key) => key !== undefined);
  return keys.length < opened.length ? undefined : { keys: [...plainKeys, ...keys], certificates };
}

/** A wrong secret can, by chance, give well-padded nonsense; what is encrypted is always a sequence. */
async function decryptSequence(encrypted: Encrypted, secret: Secret): Promise<Uint8Array | undefined> {
  const content = await decrypt(encrypted, secret);
  if (content?.[0] !== SEQUENCE) return undefined;
  try {
    createBerCheck()(content);
    return content;
  } catch {
    return undefined;
  }
}
