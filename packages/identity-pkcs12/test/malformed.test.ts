import { type KeyObject, createPublicKey, verify } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, nat, tuple, uint8Array } from 'fast-check';
import { isRolesAnywhereError } from '@rolesanywhere/signer';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy, derOf, pkcs8Of } from './support/certificates.js';
import { explicit, indefinite, octets, oid, sequence } from './support/der.js';
import { codeOf } from '../../../tools/test-support/error-of.js';
import { exportPkcs12, opensslFolder } from './support/openssl.js';
import {
  certificateBag,
  encryptedKeyBag,
  pbkdf2Aes256,
  pbmac1,
  pkcs12,
  plainSafe,
} from './support/write-pkcs12.js';

const PASSPHRASE = 'correct horse';
const MIB = 1024 * 1024;
const samples: Record<string, Buffer> = {};
let publicKey: KeyObject;

beforeAll(async () => {
  const hierarchy = await createHierarchy();
  const leaf = await hierarchy.leaf('CN=leaf');
  publicKey = createPublicKey(leaf.privateKey);
  const folder = opensslFolder();
  const make = (...options: string[]): Buffer =>
    exportPkcs12(folder, { leaf, passphrase: PASSPHRASE, out: 'x.p12', options: ['-iter', '1', ...options] });
  samples['modern'] = make();
  samples['legacy'] = make('-legacy');
  samples['without MAC'] = make('-nomac');
  samples['bare'] = make('-nomac', '-keypbe', 'NONE', '-certpbe', 'NONE');
  const key = encryptedKeyBag(pkcs8Of(leaf), pbkdf2Aes256(PASSPHRASE, { iterations: 1 }));
  samples['PBMAC1'] = pkcs12(
    [plainSafe(key, certificateBag(derOf(leaf)))],
    pbmac1(PASSPHRASE, { keyLength: 32 }),
  );
  folder.remove();
});

const KINDS = ['modern', 'legacy', 'without MAC', 'bare', 'PBMAC1'] as const;
const open = (data: Uint8Array): Promise<string> => codeOf(fromPkcs12({ data, passphrase: PASSPHRASE }));
const sample = (kind: string): Buffer => samples[kind] ?? Buffer.alloc(0);

describe.each(KINDS)('a file: %s', (kind) => {
  test('opens when nothing is done to it', async () => {
    expect(await open(sample(kind))).toBe('ok');
  });

  test('cut off at any octet is damaged', async () => {
    const data = sample(kind);
    const codes = new Set<string>();
    for (let length = 0; length < data.length; length += 1) codes.add(await open(data.subarray(0, length)));
    expect([...codes]).toEqual(['PRIVATE_KEY_INVALID']);
  });

  test('with octets after its end is damaged', async () => {
    expect(await open(Buffer.concat([sample(kind), Buffer.from([0])]))).toBe('PRIVATE_KEY_INVALID');
  });

  test('with octets that are wrong opens or gives an error with a code', async () => {
    const changes = array(tuple(nat(), nat(255)), { minLength: 1, maxLength: 4 });
    await assert(
      asyncProperty(changes, async (wrong) => {
        const data = Buffer.from(sample(kind));
        for (const [at, octet] of wrong) data[at % data.length] = octet;
        expect(typeof (await open(data))).toBe('string');
      }),
      { numRuns: 300 },
    );
  });

  test('with any one octet inverted never gives another key', async () => {
    const data = sample(kind);
    for (let at = 0; at < data.length; at += 7) {
      const wrong = Buffer.from(data);
      wrong[at] = ~(wrong[at] ?? 0);
      const outcome: unknown = await fromPkcs12({ data: wrong, passphrase: PASSPHRASE })()
        .then(async ({ key }) => verify('sha256', wrong, publicKey, await key.sign(wrong)))
        .catch(isRolesAnywhereError);
      expect(outcome).toBe(true);
    }
  });
});

describe('hostile octets', () => {
  test.each([
    [
      'random octets behind a good beginning',
      (): Buffer => Buffer.concat([Buffer.from([0x30, 0x80]), Buffer.alloc(MIB - 2, 0xa5)]),
    ],
    ['a length of 2^64', (): Buffer => Buffer.from('3088ffffffffffffffff020103', 'hex')],
    ['a length of 2^1008', (): Buffer => Buffer.from(`30fe${'ff'.repeat(126)}`, 'hex')],
    ['half a million nested sequences', (): Buffer => Buffer.alloc(MIB, Buffer.from([0x30, 0x80]))],
    [
      'half a million empty values',
      (): Buffer => indefinite(0x30, Buffer.alloc(MIB - 8, Buffer.from([0x05, 0x00]))),
    ],
    ['half a million ends', (): Buffer => Buffer.concat([Buffer.from([0x30, 0x80]), Buffer.alloc(MIB - 2)])],
    [
      'a string in half a million pieces',
      (): Buffer => file(indefinite(0x24, Buffer.alloc(MIB - 64, Buffer.from([0x04, 0x00])))),
    ],
    ['many parts', (): Buffer => pkcs12(Array.from({ length: 17 }, () => plainSafe()))],
    ['bags inside bags', nestedBags],
    [
      'a tag of many octets',
      (): Buffer => Buffer.concat([Buffer.from([0x30, 0x80, 0x1f]), Buffer.alloc(MIB - 3, 0xff)]),
    ],
    [
      'an object identifier of a megabyte',
      (): Buffer =>
        file(Buffer.concat([Buffer.from([0x06, 0x83, 0x0f, 0xff, 0x00]), Buffer.alloc(0xfff00, 0x81)])),
    ],
  ])('%s end in an error with a code', async (_, make) => {
    expect(await open(make())).toBe('PRIVATE_KEY_INVALID');
  });

  test('any octets at all end in an error with a code', async () => {
    const beginnings = constantFrom('', '30', '3080020103', '3082010002010330', '-----BEGIN PKCS12-----');
    await assert(
      asyncProperty(beginnings, uint8Array({ maxLength: 300 }), async (beginning, rest) => {
        const start = beginning.startsWith('-') ? Buffer.from(beginning) : Buffer.from(beginning, 'hex');
        expect(await open(Buffer.concat([start, rest]))).toBe('PRIVATE_KEY_INVALID');
      }),
      { numRuns: 500 },
    );
  });
});

/** A PFX whose content is this. */
function file(content: Buffer): Buffer {
  return sequence(Buffer.from([2, 1, 3]), sequence(oid('1.2.840.113549.1.7.1'), explicit(content)));
}

function nestedBags(): Buffer {
  const type = oid('1.2.840.113549.1.12.10.1.6');
  let contents = sequence();
  for (let level = 0; level < 2000; level += 1) contents = sequence(sequence(type, explicit(contents)));
  return file(octets(sequence(sequence(oid('1.2.840.113549.1.7.1'), explicit(octets(contents))))));
}
