import { platform } from '#platform';
import { IdentityError, type IdentityErrorCode } from '../errors.js';
import type { PrivateKeyData, PrivateKeyForm } from '../platform/platform.js';
import { TAG, readDerChildren, readDerSequence, readObjectIdentifier } from '../x509/der.js';
import { formatPem } from '../x509/pem.js';
import {
  type Material,
  type MaterialKind,
  type Source,
  describeDamage,
  describeLack,
  readMaterial,
} from './key-material.js';
import type { PassphraseSource } from './passphrase.js';
import type { SigningKey } from './signing-key.js';

const FORMS: readonly PrivateKeyForm[] = ['pkcs8', 'pkcs1', 'sec1', 'encrypted-pkcs8', 'traditional'];

/** What to do with things that are often given in place of a private key. */
const ADVICE: Readonly<Partial<Record<MaterialKind, string>>> = {
  'an OpenSSH key': 'Convert it: ssh-keygen -p -m PKCS8 -f KEY.',
  'a TPM 2.0 key': 'It can only be used inside its TPM: use an identity source for TPM keys.',
  'a PKCS#12 file': 'Convert it: openssl pkcs12 -in FILE -nodes -out key-and-certificates.pem.',
  'a public key': 'The private key is needed, the public one cannot sign.',
};

/** Key algorithms that have a name but no signature here (RFC 8017 §A.2.3, RFC 8410 §3). */
const UNSUPPORTED_KEYS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.10': 'an RSA-PSS key',
  '1.3.101.112': 'an Ed25519 key',
  '1.3.101.113': 'an Ed448 key',
};
const REENCRYPT =
  'Encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -provider default -provider legacy -in KEY -out NEW.';
const SUPPORTED = 'IAM Roles Anywhere takes RSA keys, EC keys on P-256, P-384 and P-521, and ML-DSA keys.';

/**
 * Finds and opens the private key in a source: PKCS#8, PKCS#1, SEC 1, encrypted PKCS#8, PEM or DER, and traditional
 * encrypted PEM.
 *
 * @throws IdentityError `PRIVATE_KEY_INVALID`, `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`, `KEY_UNSUPPORTED`
 */
export async function openPrivateKey(source: Source, passphrases: PassphraseSource): Promise<SigningKey> {
  const { form, material } = findPrivateKey(source);
  const unsupported = form === 'pkcs8' ? unsupportedKey(material.block.der) : undefined;
  if (unsupported !== undefined)
    throw keyError('KEY_UNSUPPORTED', `${source.label} holds ${unsupported}. ${SUPPORTED}`);
  const encrypted = form === 'encrypted-pkcs8' || form === 'traditional';
  const passphrase = encrypted ? await passphrases.ask() : undefined;
  if (encrypted && passphrase === undefined) throw passphraseRequired(source);
  return openWith(source, passphrases, {
    form,
    der: material.block.der,
    ...(form === 'traditional' && { pem: formatPem(material.block) }),
    ...(passphrase !== undefined && { passphrase }),
  });
}

async function openWith(
  source: Source,
  passphrases: PassphraseSource,
  data: PrivateKeyData,
): Promise<SigningKey> {
  const opened = await platform.openPrivateKey(data);
  if (!('fault' in opened)) return opened;
  if (opened.fault === 'PASSPHRASE_WRONG') passphrases.forget();
  // An empty text may really be the passphrase; mostly it is a variable that is not set.
  if (opened.fault === 'PASSPHRASE_WRONG' && data.passphrase === '') throw passphraseRequired(source);
  const advice = {
    PASSPHRASE_WRONG: 'Check `passphrase`; if it is right, the file is damaged.',
    PRIVATE_KEY_INVALID: 'Replace it with an intact one.',
    KEY_UNSUPPORTED: opened.cipherUnknown === true ? REENCRYPT : SUPPORTED,
  }[opened.fault];
  const message = `The private key in ${source.label} ${opened.detail} ${opened.remedy ?? advice}`;
  throw keyError(opened.fault, message, opened.cause);
}

function passphraseRequired({ label }: Source): IdentityError {
  const message = `The private key in ${label} is encrypted. Set \`passphrase\`, a text or a function.`;
  return keyError('PASSPHRASE_REQUIRED', message);
}

function findPrivateKey(source: Source): { form: PrivateKeyForm; material: Material } {
  let materials: Material[];
  try {
    materials = readMaterial(source);
  } catch (cause) {
    const message = `The private key in ${source.label} ${describeDamage(cause)}`;
    throw keyError('PRIVATE_KEY_INVALID', message, cause);
  }
  const keys = materials.flatMap((material) => {
    const form = FORMS.find((known) => known === material.kind);
    return form === undefined ? [] : [{ form, material }];
  });
  const [key] = keys;
  if (key !== undefined && keys.length === 1) return key;
  throw key === undefined
    ? noPrivateKey(source, materials)
    : keyError(
        'PRIVATE_KEY_INVALID',
        `${source.label} holds ${keys.length} private keys. Keep the one of the certificate.`,
      );
}

function noPrivateKey(source: Source, materials: readonly Material[]): IdentityError {
  const advised = materials.find(({ kind }) => ADVICE[kind] !== undefined);
  const special = advised?.kind === 'an OpenSSH key' || advised?.kind === 'a TPM 2.0 key';
  const advice =
    advised === undefined ? 'Give a PEM or DER file with the private key.' : ADVICE[advised.kind];
  const found = `${source.label} ${describeLack(source, materials, 'private key')}`;
  return keyError(special ? 'KEY_UNSUPPORTED' : 'PRIVATE_KEY_INVALID', `${found}. ${advice}`);
}

/** The name of a PKCS#8 key that cannot sign here, read before the platform is asked (RFC 5958 §2). */
function unsupportedKey(pkcs8: Uint8Array): string | undefined {
  try {
    const [, algorithm] = readDerSequence(pkcs8);
    const [oid] = algorithm === undefined ? [] : readDerChildren(algorithm);
    return oid?.tag === TAG.objectIdentifier
      ? UNSUPPORTED_KEYS[readObjectIdentifier(oid.content)]
      : undefined;
  } catch {
    return undefined;
  }
}

function keyError(code: IdentityErrorCode, message: string, cause?: unknown): IdentityError {
  return new IdentityError({ code, message, cause });
}
