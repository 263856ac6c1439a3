import { createHash } from 'node:crypto';
import {
  CKO,
  type ObjectName,
  type ObjectView,
  type StoredCertificate,
  readCertificates,
  templateOf,
} from '../token/token-objects.js';
import { CryptokiError } from '../errors/cryptoki-error.js';
import { unpadded } from '../token/token-facts.js';
import type { Cryptoki } from '../module/cryptoki.js';
import type { Handle } from '../module/addon.js';
import type { Pkcs11Settings } from '../check-init.js';
import { issuersOf } from './issuers-of.js';
import { selectCertificate } from './select-certificate.js';
import { type TokenCertificate, tokenCertificate } from './token-certificate.js';

/** The certificates of an identity, for `createX509Identity`. */
export interface IdentityCertificates {
  /** The certificate, DER; or what its file holds. */
  readonly certificate: Uint8Array;
  /** Undefined: those in the file of the certificate. */
  readonly chain: Uint8Array | readonly Uint8Array[] | undefined;
  /** Each of those that can be the certificate, to find its key with. */
  readonly candidates: readonly Uint8Array[];
  /** What the key may be called when its URI does not say it. */
  readonly names: readonly ObjectName[];
}

/** Finds certificates by the options of one provider. */
export interface CertificatesFinder {
  /** @throws IdentityError `IDENTITY_UNAVAILABLE` when none or several are meant */
  find(view: ObjectView, file: Uint8Array | undefined): Promise<IdentityCertificates>;
  /** Whether a token shows, without a login, what the options mean. */
  holdsWanted(cryptoki: Cryptoki, session: Handle): Promise<boolean>;
}

/** What a token shows. */
interface Contents {
  readonly all: readonly TokenCertificate[];
  /** Of a certificate that could not be read. */
  readonly problem: CryptokiError | undefined;
}

/** A finder that reads a certificate anew only when its bytes changed. */
export function certificatesFinder(settings: Pkcs11Settings): CertificatesFinder {
  const { certificate, privateKey } = settings;
  let known = new Map<string, TokenCertificate | undefined>();

  async function readAll(view: ObjectView, first: ObjectName): Promise<Contents> {
    const read = new Map<string, TokenCertificate | undefined>();
    let problem: CryptokiError | undefined;
    for await (const one of readCertificates(view, first)) {
      if (one instanceof CryptokiError) {
        problem ??= one;
        continue;
      }
      const name = nameOf(one);
      read.set(name, known.has(name) ? known.get(name) : tokenCertificate(one));
    }
    known = read;
    return { all: [...read.values()].filter((one) => one !== undefined), problem };
  }

  async function findInToken(view: ObjectView, name: ObjectName): Promise<IdentityCertificates> {
    const { all, problem } = await readAll(view, name);
    const hasKey = async (one: TokenCertificate): Promise<boolean> => {
      if (privateKey?.id !== undefined) return isSame(one.id, privateKey.id);
      const [keyName] = keyNames(one);
      return keyName !== undefined && holds(view, CKO.privateKey, keyName);
    };
    const named = all.filter((one) => isNamed(one, name));
    if (named.length === 0 && problem !== undefined) throw problem;
    const leaf = await selectCertificate(named, hasKey, settings);
    return {
      certificate: leaf.der,
      chain: issuersOf(leaf, all).map(({ der }) => der),
      candidates: [leaf.der],
      names: keyNames(leaf),
    };
  }

  return {
    async find(view, file) {
      if ('uri' in certificate) return findInToken(view, certificate.uri);
      const bytes = file ?? new Uint8Array();
      return { certificate: bytes, chain: undefined, candidates: certificatesIn(bytes), names: [{}] };
    },
    async holdsWanted(cryptoki, session) {
      const view = { cryptoki, session };
      return 'uri' in certificate
        ? holds(view, CKO.certificate, certificate.uri)
        : holds(view, CKO.publicKey, privateKey ?? {});
    },
  };
}

async function holds(
  { cryptoki, session }: ObjectView,
  objectClass: number,
  name: ObjectName,
): Promise<boolean> {
  return (await cryptoki.find(session, templateOf(objectClass, name))).length > 0;
}

/** Another name when anything has changed. */
function nameOf({ der, label, id }: StoredCertificate): string {
  const hash = createHash('sha256').update(der);
  return [hash.digest('base64'), Buffer.from(id).toString('base64'), label].join();
}

function isSame(id: Uint8Array, wanted: Uint8Array | undefined): boolean {
  return wanted === undefined || Buffer.compare(id, wanted) === 0;
}

/** What the key of a certificate is called, the best first. */
function keyNames({ id, label }: TokenCertificate): readonly ObjectName[] {
  return [...(id.length > 0 ? [{ id }] : []), ...(label === '' ? [] : [{ object: label }])];
}

/** Some tokens pad labels. */
function isNamed({ label, id }: TokenCertificate, { object, id: wanted }: ObjectName): boolean {
  return (object === undefined || object === label || object === unpadded(label)) && isSame(id, wanted);
}

/** The blocks of PEM, or DER as it is. What cannot be read is refused later, with its path. */
function certificatesIn(file: Uint8Array): readonly Uint8Array[] {
  const blocks = Buffer.from(file)
    .toString('latin1')
    .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return blocks === null ? [file] : blocks.map((block) => Buffer.from(block, 'latin1'));
}
