import {
  CKO,
  type ObjectName,
  type ObjectView,
  readCertificates,
  templateOf,
} from '../token/token-objects.js';
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
  holdsWanted(cryptoki: Cryptoki, session: Handle): boolean;
}

/** A finder that reads a certificate anew only when its bytes changed. */
export function certificatesFinder(settings: Pkcs11Settings): CertificatesFinder {
  const { certificate, privateKey } = settings;
  let known = new Map<string, TokenCertificate | undefined>();

  async function readAll(view: ObjectView): Promise<readonly TokenCertificate[]> {
    const stored = await readCertificates(view, {});
    const read = stored.map((one) => {
      const name = [one.der, one.id, Buffer.from(one.label)]
        .map((bytes) => Buffer.from(bytes).toString('base64'))
        .join();
      return [name, known.has(name) ? known.get(name) : tokenCertificate(one)] as const;
    });
    known = new Map(read);
    return read.flatMap(([, one]) => one ?? []);
  }

  async function findInToken(view: ObjectView, name: ObjectName): Promise<IdentityCertificates> {
    const all = await readAll(view);
    const hasKey = ({ id }: ObjectName): boolean =>
      id !== undefined && id.length > 0 && holds(view, CKO.privateKey, { id });
    const leaf = selectCertificate(
      all.filter((one) => isNamed(one, name)),
      privateKey?.id === undefined ? hasKey : ({ id }) => Buffer.compare(id, privateKey.id ?? id) === 0,
      settings,
    );
    return {
      certificate: leaf.der,
      chain: issuersOf(leaf, all).map(({ der }) => der),
      candidates: [leaf.der],
      names: [
        ...(leaf.id.length > 0 ? [{ id: leaf.id }] : []),
        ...(leaf.label === '' ? [] : [{ object: leaf.label }]),
      ],
    };
  }

  return {
    async find(view, file) {
      if ('uri' in certificate) return findInToken(view, certificate.uri);
      const bytes = file ?? new Uint8Array();
      return { certificate: bytes, chain: undefined, candidates: certificatesIn(bytes), names: [{}] };
    },
    holdsWanted(cryptoki, session) {
      const view = { cryptoki, session };
      if (!('uri' in certificate)) return holds(view, CKO.publicKey, privateKey ?? {});
      return cryptoki.find(session, templateOf(CKO.certificate, certificate.uri)).length > 0;
    },
  };
}

function holds({ cryptoki, session }: ObjectView, objectClass: number, name: ObjectName): boolean {
  return cryptoki.find(session, templateOf(objectClass, name)).length > 0;
}

function isNamed(certificate: TokenCertificate, { object, id }: ObjectName): boolean {
  return (
    (object === undefined || object === certificate.label) &&
    (id === undefined || Buffer.compare(id, certificate.id) === 0)
  );
}

/** The blocks of PEM, or DER as it is. What cannot be read is refused later, with its path. */
function certificatesIn(file: Uint8Array): readonly Uint8Array[] {
  const blocks = Buffer.from(file)
    .toString('latin1')
    .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return blocks === null ? [file] : blocks.map((block) => Buffer.from(block, 'latin1'));
}
