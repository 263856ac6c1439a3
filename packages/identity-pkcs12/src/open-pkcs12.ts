import { containerBytes } from './container/container-bytes.js';
import { type Encrypted, type Pfx, type Safe, readPfx } from './container/read-pfx.js';
import {
  type Bag,
  type SafeContents,
  joinSafeContents,
  readSafeContents,
} from './container/read-safe-contents.js';
import { readBer } from './container/ber.js';
import { readSequence } from './container/ber-values.js';
import { Pkcs12Fault, passphraseWrong } from './pkcs12-fault.js';
import { decrypt } from './protection/decrypt.js';
import { costOfEncryption, readEncryption } from './protection/encryption.js';
import { type IterationBudget, createIterationBudget } from './protection/iteration-budget.js';
import { type Secret, secretsOf } from './protection/secrets.js';
import { verifyMac } from './protection/verify-mac.js';

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
  const pfx = readPfx(containerBytes(data));
  const spend = createIterationBudget();
  const passphrase = isProtected(pfx) ? ((await askPassphrase()) ?? '') : '';
  const opened = await openWithAny({ pfx, spend }, secretsOf(passphrase));
  if (opened !== undefined) return opened;
  // An empty text may really be the passphrase; mostly it is a variable that is not set.
  if (passphrase !== '') throw passphraseWrong();
  const message = 'is protected with a passphrase. Set `passphrase`, a text or a function.';
  throw new Pkcs12Fault('PASSPHRASE_REQUIRED', message);
}

/** A file on its way through this, and the work it has asked for. */
interface Opening {
  readonly pfx: Pfx;
  readonly spend: IterationBudget;
}

function isProtected({ mac, safes }: Pfx): boolean {
  return mac !== undefined || safes.some(isEncrypted);
}

function isEncrypted(safe: Safe): boolean {
  return safe.kind === 'encrypted' || readSafeContents(safe.content).encryptedKeys.length > 0;
}

/** Undefined when none of the secrets fits. A MAC that a secret did not make needs no second look with the same one. */
async function openWithAny(
  opening: Opening,
  secrets: readonly Secret[],
): Promise<Pkcs12Contents | undefined> {
  const refused: Secret[] = [];
  for (const secret of secrets) {
    if (refused.some(({ bmp }) => Buffer.compare(bmp, secret.bmp) === 0)) continue;
    const [isAuthentic, contents] = await Promise.allSettled([
      isMadeWith(opening, secret),
      openContents(opening, secret),
    ]);
    if (isAuthentic.status === 'rejected') throw isAuthentic.reason;
    if (!isAuthentic.value) refused.push(secret);
    else if (contents.status === 'rejected') throw contents.reason;
    else if (contents.value !== undefined) return contents.value;
  }
  return undefined;
}

/** MAC and contents are looked at side by side: each is derived from the passphrase for itself, which takes the time. */
async function isMadeWith({ pfx, spend }: Opening, secret: Secret): Promise<boolean> {
  const { mac, authenticated } = pfx;
  return mac === undefined || verifyMac({ mac, authenticated }, secret, spend);
}

async function openContents({ pfx, spend }: Opening, secret: Secret): Promise<Pkcs12Contents | undefined> {
  const encrypted = pfx.safes.flatMap((safe) => (safe.kind === 'encrypted' ? [safe.content] : []));
  spendFor(encrypted, spend);
  const safes = await Promise.all(pfx.safes.map((safe) => openSafe(safe, secret)));
  if (safes.includes(undefined)) return undefined;
  const { plainKeys, encryptedKeys, certificates } = joinSafeContents(
    safes.filter((safe) => safe !== undefined),
  );
  spendFor(
    encryptedKeys.map(({ content }) => content),
    spend,
  );
  const opened = await Promise.all(encryptedKeys.map((key) => openKey(key, secret)));
  if (opened.includes(undefined)) return undefined;
  return { keys: [...plainKeys, ...opened.filter((key) => key !== undefined)], certificates };
}

/** Before the first of them is begun: what has begun in the thread pool cannot be stopped. */
function spendFor(encrypted: readonly Encrypted[], spend: IterationBudget): void {
  for (const { algorithm } of encrypted) spend(costOfEncryption(readEncryption(algorithm)));
}

async function openSafe(safe: Safe, secret: Secret): Promise<SafeContents | undefined> {
  if (safe.kind === 'plain') return readSafeContents(safe.content);
  const content = await decryptSequence(safe.content, secret);
  return content && readSafeContents(content);
}

async function openKey(
  { content, localKeyId }: Bag<Encrypted>,
  secret: Secret,
): Promise<Bag<Uint8Array> | undefined> {
  const opened = await decryptSequence(content, secret);
  return opened && { content: opened, localKeyId };
}

/** A wrong secret can, by chance, give well-padded nonsense; what is encrypted is always a sequence. */
async function decryptSequence(encrypted: Encrypted, secret: Secret): Promise<Uint8Array | undefined> {
  const content = await decrypt(encrypted, secret);
  if (content === undefined) return undefined;
  try {
    readSequence(readBer(content));
    return content;
  } catch {
    return undefined;
  }
}
