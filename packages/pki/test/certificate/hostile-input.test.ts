import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  issueCertificateRevocationList,
  judgePath,
  parseCertificate,
  parseCertificateRevocationList,
  parseCertificates,
  PkiError,
  type Certificate,
} from '../../src/index.js';
import { AT, authority, DATES, leafOf } from '../test-authorities.js';

let root: Certificate;
let certificates: readonly Uint8Array[];
let texts: readonly string[];
let list: Uint8Array;

beforeAll(async () => {
  const authorityOfAll = await authority('CN=Root', {
    nameConstraints: {
      permitted: [
        { type: 'dns', value: 'example.com' },
        { type: 'ip', value: '::/0' },
      ],
    },
  });
  const leaf = await leafOf(authorityOfAll, {
    subjectAlternativeName: [
      { type: 'dns', value: 'example.com' },
      { type: 'ip', value: '::1' },
      { type: 'directoryName', value: 'CN=x+O=y' },
    ],
  });
  root = authorityOfAll.certificate;
  certificates = [leaf.certificate.der, root.der];
  texts = [leaf.certificatePem, authorityOfAll.certificatePem];
  const revoked = [1n, 2n, 3n].map((serialNumber) => ({ serialNumber, reason: 'keyCompromise' as const }));
  const issued = await issueCertificateRevocationList({
    issuer: authorityOfAll,
    revoked,
    thisUpdate: DATES.notBefore,
  });
  list = issued.crl.der;
});

/** Undefined for what was refused as it should be; anything else is thrown on. */
function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

const positions = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
  minLength: 1,
  maxLength: 6,
});

function mutated(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [position, octet] of changes) copy[position % copy.length] = octet;
  return copy;
}

describe('hostile input is refused with PkiError', () => {
  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(orRefused(() => parseCertificate(bytes))).toBeUndefined();
        expect(orRefused(() => parseCertificateRevocationList(bytes))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('random text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        expect(
          orRefused(() => parseCertificates(`-----BEGIN CERTIFICATE-----${text}-----END CERTIFICATE-----`)),
        ).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test('every truncation of a certificate and of a list', () => {
    for (const der of certificates) {
      for (let length = 0; length < der.length; length += 1) {
        expect(orRefused(() => parseCertificate(der.subarray(0, length)))).toBeUndefined();
      }
    }
    for (let length = 0; length < list.length; length += 1) {
      expect(orRefused(() => parseCertificateRevocationList(list.subarray(0, length)))).toBeUndefined();
    }
  });

  test('mutated certificates: refused, or read and then not accepted', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1 }), positions, (index, changes) => {
        const original = certificates[index] ?? new Uint8Array();
        const leaf = orRefused(() => parseCertificate(mutated(original, changes)));
        if (leaf === undefined || Buffer.compare(leaf.der, original) === 0) return;
        const verdict = judgePath({ leaf, candidates: [leaf, root], trustAnchors: [root], at: AT });
        expect(verdict.accepted).toBe(false);
      }),
      { numRuns: 1500 },
    );
  });

  test('a signature that ends inside an octet is refused, in a certificate and in a list', () => {
    const withUnusedBits = (der: Uint8Array, signature: Uint8Array, unused: number): Uint8Array => {
      const copy = Uint8Array.from(der);
      copy[der.length - signature.length - 1] = unused;
      return copy;
    };
    const { signature: ofList } = parseCertificateRevocationList(list);
    for (let unused = 1; unused < 8; unused += 1) {
      const certificate = withUnusedBits(root.der, root.signature, unused);
      expect(() => parseCertificate(certificate)).toThrow(/the signature is a .*BIT STRING/);
      const changed = withUnusedBits(list, ofList, unused);
      expect(() => parseCertificateRevocationList(changed)).toThrow(/the signature is a .*BIT STRING/);
    }
  });

  test('mutated lists', () => {
    fc.assert(
      fc.property(positions, (changes) => {
        const read = orRefused(() => parseCertificateRevocationList(mutated(list, changes)));
        expect(read?.der.length ?? list.length).toBe(list.length);
      }),
      { numRuns: 500 },
    );
  });

  test('every truncation of a PEM text, but for its last line feed', () => {
    for (const text of texts) {
      for (let length = 0; length < text.trimEnd().length; length += 1) {
        expect(orRefused(() => parseCertificate(text.slice(0, length)))).toBeUndefined();
      }
    }
  });

  test('a certificate of 64 KiB is read to its end, and a list of 1 MiB; one byte more is refused unread', () => {
    const zeros = (length: number): Uint8Array => Uint8Array.of(0x30, ...new Uint8Array(length - 1));
    const read = (length: number) => () => parseCertificate(zeros(length));
    expect(read(65_536)).toThrow(/bytes after the end/);
    expect(read(65_537)).toThrow(/more than 65536 bytes/);
    const list1MiB = (length: number) => () =>
      parseCertificateRevocationList(Buffer.concat([zeros(9), Buffer.alloc(length - 9)]));
    expect(list1MiB(1_048_577)).toThrow(/more than 1048576 bytes/);
    expect(list1MiB(1_000_000)).toThrow(PkiError);
  });

  test('mutated PEM: refused, or the same certificate, or not accepted', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1 }), fc.nat(), fc.string({ maxLength: 3 }), (index, position, insert) => {
        const text = texts[index] ?? '';
        const at = position % text.length;
        const leaf = orRefused(() => parseCertificate(text.slice(0, at) + insert + text.slice(at + 1)));
        if (leaf === undefined || Buffer.compare(leaf.der, certificates[index] ?? new Uint8Array()) === 0)
          return;
        const verdict = judgePath({ leaf, candidates: [leaf, root], trustAnchors: [root], at: AT });
        expect(verdict.accepted).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  const wrap = (tag: number, content: Uint8Array): Uint8Array => {
    const length = content.length;
    const octets = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
    return Buffer.concat([Buffer.of(tag, ...octets), content]);
  };

  test.each([
    ['nested sequences', () => Buffer.alloc(65_000, Buffer.of(0x30, 0x80))],
    ['thousands of empty values', () => wrap(0x30, Buffer.alloc(65_000, Buffer.of(5, 0)))],
    ['an endless object identifier', () => wrap(0x30, wrap(0x30, wrap(6, Buffer.alloc(64_900, 0x81))))],
    ['an endless integer', () => wrap(0x30, wrap(0x30, wrap(2, Buffer.alloc(64_900, 0x7f))))],
    ['zeros', () => wrap(0x30, Buffer.alloc(65_000))],
  ])('%s', (_, bytes) => {
    expect(orRefused(() => parseCertificate(bytes()))).toBeUndefined();
    expect(orRefused(() => parseCertificateRevocationList(bytes()))).toBeUndefined();
  });

  test('thousands of unfinished PEM blocks', () => {
    const text = '-----BEGIN CERTIFICATE-----\n'.repeat(20_000);
    expect(orRefused(() => parseCertificates(text))).toBeUndefined();
    expect(orRefused(() => parseCertificates('-----BEGIN '.repeat(50_000)))).toBeUndefined();
    expect(orRefused(() => parseCertificates('-----BEGIN X-----'.repeat(50_000)))).toBeUndefined();
  });
});
