import { type KeyObject, createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { TAG, readDerSequence, writeDer } from '../../src/x509/der.js';

export type KeyKind = 'rsa' | 'P-256' | 'P-384' | 'P-521';

export interface Issued {
  readonly der: Uint8Array;
  readonly pem: string;
  readonly key: KeyObject;
  readonly keyPem: string;
  readonly subject: string;
}

export interface IssueInit {
  readonly subject: string;
  readonly issuer?: Issued;
  readonly kind?: KeyKind;
  readonly key?: KeyObject;
  readonly serialNumber?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly keyIdentifiers?: boolean;
}

/** A small issuer of certificates, good and odd ones; hexadecimal serials of any length. */
export function issue(init: IssueInit): Issued {
  const key = init.key ?? generateKey(init.kind ?? 'P-256');
  const signer = init.issuer?.key ?? key;
  const spki = spkiOf(key);
  const algorithm = signatureAlgorithm(signer);
  const tbs = sequence(
    writeDer(0xa0, integer('02')),
    integer(init.serialNumber ?? '01'),
    algorithm,
    name(init.issuer?.subject ?? init.subject),
    sequence(time(init.notBefore ?? '20200101000000Z'), time(init.notAfter ?? '20990101000000Z')),
    name(init.subject),
    spki,
    ...(init.keyIdentifiers === false ? [] : [extensions(spki, spkiOf(signer))]),
  );
  const signature = sign('sha256', tbs, signer);
  const der = sequence(tbs, algorithm, writeDer(TAG.bitString, Buffer.from([0]), signature));
  return { der, pem: toPem('CERTIFICATE', der), key, keyPem: pkcs8(key), subject: init.subject };
}

export function generateKey(kind: KeyKind): KeyObject {
  return kind === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    : generateKeyPairSync('ec', { namedCurve: kind }).privateKey;
}

/** A root, any number of intermediates, and a leaf, named by their place. */
export function issueHierarchy(
  depth: number,
  kind: KeyKind = 'P-256',
): { root: Issued; chain: Issued[]; leaf: Issued } {
  const root = issue({ subject: 'Root', kind });
  const chain: Issued[] = [];
  let issuer = root;
  for (let level = 1; level <= depth; level += 1) {
    issuer = issue({ subject: `Intermediate ${level}`, issuer, kind });
    chain.unshift(issuer);
  }
  return { root, chain, leaf: issue({ subject: 'leaf', issuer, kind, serialNumber: '7f01' }) };
}

export function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function toPem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${base64.trimEnd()}\n-----END ${label}-----\n`;
}

function sequence(...content: Uint8Array[]): Uint8Array {
  return writeDer(TAG.sequence, ...content);
}

function integer(hex: string): Uint8Array {
  const bytes = Buffer.from(hex, 'hex');
  return writeDer(TAG.integer, ...((bytes[0] ?? 0) & 0x80 ? [Buffer.from([0])] : []), bytes);
}

function time(text: string): Uint8Array {
  return writeDer(0x18, Buffer.from(text));
}

function name(commonName: string): Uint8Array {
  const attribute = sequence(Buffer.from('0603550403', 'hex'), writeDer(0x0c, Buffer.from(commonName)));
  return sequence(writeDer(0x31, attribute));
}

function signatureAlgorithm(key: KeyObject): Uint8Array {
  return Buffer.from(
    key.asymmetricKeyType === 'rsa' ? '300d06092a864886f70d01010b0500' : '300a06082a8648ce3d040302',
    'hex',
  );
}

function spkiOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

function extensions(subject: Uint8Array, issuer: Uint8Array): Uint8Array {
  const ski = writeDer(TAG.octetString, keyIdentifier(subject));
  const aki = sequence(writeDer(0x80, keyIdentifier(issuer)));
  return writeDer(
    0xa3,
    sequence(
      sequence(Buffer.from('0603551d0e', 'hex'), writeDer(TAG.octetString, ski)),
      sequence(Buffer.from('0603551d23', 'hex'), writeDer(TAG.octetString, aki)),
    ),
  );
}

/** RFC 5280 §4.2.1.2, method 1. */
function keyIdentifier(spki: Uint8Array): Uint8Array {
  const bits = readDerSequence(spki)[1]?.content ?? new Uint8Array();
  return createHash('sha1').update(bits.subarray(1)).digest();
}
