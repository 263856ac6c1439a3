import { createHash, pbkdf2Sync, createCipheriv, scryptSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { fromPem, type SigningKey } from '../../src/index.js';
import { platform as node } from '../../src/platform/node.js';
import type { KeyFault, Platform } from '../../src/platform/platform.js';
import { platform as web } from '../../src/platform/web.js';
import { TAG, writeDer } from '../../src/x509/der.js';
import { errorOf } from '../../../../tools/test-support/error-of.js';
import { readVector } from '../support/vectors.js';

const PLATFORMS: readonly [string, Platform][] = [
  ['node', node],
  ['web', web],
];

/** Octets 00 to 1f, and a string to sign; hashes of what a deterministic signer makes of them. FIPS 204, empty context. */
const SEED = Uint8Array.from({ length: 32 }, (_, index) => index);
const MESSAGE = Buffer.from(
  [
    'AWS4-X509-MLDSA',
    '20260101T000000Z',
    '20260101/us-east-1/rolesanywhere/aws4_request',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  ].join('\n'),
);
const KNOWN = [
  {
    name: 'ML-DSA-44',
    arc: 0x11,
    library: ml_dsa44,
    publicKey: '9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46',
    signature: '8f320daf0172c56911a1fbbbc664a0d14858455e74581cab8aa0b87b86c417a8',
  },
  {
    name: 'ML-DSA-65',
    arc: 0x12,
    library: ml_dsa65,
    publicKey: 'd666806e11cee19a7c989f7445f90dd419cf4d2d51db8c0fdb4c0f0a542238c9',
    signature: '863f365fc9d43d202ce5333e2afcb104de497964002a5c0172af1be4c72382b7',
  },
  {
    name: 'ML-DSA-87',
    arc: 0x13,
    library: ml_dsa87,
    publicKey: '91dc389cfaa01470b7f66eee45a4ae9026d154817c754dfe22298b3fa241ffcd',
    signature: '9acae89b9ed89271689e381a5510fc989eeccbae072ab5f33194d761da613ad1',
  },
] as const;
type Known = (typeof KNOWN)[number];

const octets = (tag: number, ...content: Uint8Array[]): Uint8Array => writeDer(tag, ...content);
const pkcs8 = ({ arc }: { readonly arc: number }, inner: Uint8Array): Uint8Array =>
  octets(
    TAG.sequence,
    octets(TAG.integer, Uint8Array.of(0)),
    octets(
      TAG.sequence,
      octets(TAG.objectIdentifier, Uint8Array.of(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, arc)),
    ),
    octets(TAG.octetString, inner),
  );
const expanded = ({ library }: Known): Uint8Array => library.keygen(SEED).secretKey;
const both = (known: Known, seed = SEED): Uint8Array =>
  octets(TAG.sequence, octets(TAG.octetString, seed), octets(TAG.octetString, expanded(known)));
const LAYOUTS: readonly [string, (known: Known) => Uint8Array][] = [
  ['the seed', () => octets(0x80, SEED)],
  ['the expanded key', (known) => octets(TAG.octetString, expanded(known))],
  ['both', (known) => both(known)],
];
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const isKey = (opened: SigningKey | KeyFault): opened is SigningKey => 'sign' in opened;
const open = (platform: Platform, der: Uint8Array) => platform.openPrivateKey({ form: 'pkcs8', der });

describe.each(PLATFORMS)('on the %s platform', (_, platform) => {
  describe.each(KNOWN)('$name', (known) => {
    test.each(LAYOUTS)('a key file with %s signs as is known', async (...[, layout]) => {
      const key = await open(platform, pkcs8(known, layout(known)));
      if (!isKey(key)) throw new Error(key.detail);
      expect(key.algorithm).toBe('AWS4-X509-MLDSA');
      const raw = known.library.keygen(SEED).publicKey;
      const publicKey = key.publicKey ?? new Uint8Array();
      expect(sha256(publicKey.subarray(-raw.length))).toBe(known.publicKey);
      const signature = await key.sign(MESSAGE);
      const check = { algorithm: key.algorithm, publicKey, message: MESSAGE, signature };
      expect(await platform.verify(check)).toBe(true);
      expect(await platform.verify({ ...check, message: Buffer.from('another') })).toBe(false);
    });

    test('a seed that does not give the key beside it is refused', async () => {
      const der = pkcs8(known, both(known, new Uint8Array(32)));
      expect(await open(platform, der)).toMatchObject({ fault: 'PRIVATE_KEY_INVALID' });
    });

    test('a key file that is cut off or changed is refused, or is a key', async () => {
      const der = pkcs8(known, octets(0x80, SEED));
      for (let length = 0; length < der.length; length += 1)
        expect(isKey(await open(platform, der.subarray(0, length)))).toBe(false);
      await fc.assert(
        fc.asyncProperty(fc.nat(der.length - 1), fc.nat(255), async (at, octet) => {
          const changed = Uint8Array.from(der);
          changed[at] = octet;
          const opened = await open(platform, changed);
          expect(isKey(opened) || opened.fault).toBeTruthy();
        }),
        { numRuns: 20 },
      );
    });
  });
});

test.each(KNOWN)('$name by the library is deterministic, as AWS signs', async (known) => {
  const key = await open(web, pkcs8(known, octets(0x80, SEED)));
  expect(isKey(key) && sha256(await key.sign(MESSAGE))).toBe(known.signature);
});

describe('an encrypted ML-DSA key', () => {
  const oid = (...content: number[]): Uint8Array => octets(TAG.objectIdentifier, Uint8Array.from(content));
  const aes256 = oid(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a);
  const count = (hex: string): Uint8Array => octets(TAG.integer, Buffer.from(hex, 'hex'));
  const salt = Buffer.from('a salt of sixteen');
  const iv = Buffer.alloc(16, 7);
  const plain = pkcs8(KNOWN[0], octets(0x80, SEED));

  const encrypted = (derivation: Uint8Array, key: Uint8Array): Uint8Array => {
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    const scheme = octets(TAG.sequence, aes256, octets(TAG.octetString, iv));
    const parameters = octets(TAG.sequence, derivation, scheme);
    const pbes2 = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0d);
    const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
    return octets(TAG.sequence, octets(TAG.sequence, pbes2, parameters), octets(TAG.octetString, ciphertext));
  };
  const byPbkdf2 = (roundsHex: string): Uint8Array => {
    const kdf = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0c);
    const prf = octets(TAG.sequence, oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9));
    const parameters = octets(TAG.sequence, octets(TAG.octetString, salt), count(roundsHex), prf);
    const rounds = Math.min(Number.parseInt(roundsHex, 16), 1000);
    return encrypted(octets(TAG.sequence, kdf, parameters), pbkdf2Sync('secret', salt, rounds, 32, 'sha256'));
  };
  const byScrypt = (costHex: string): Uint8Array => {
    const kdf = oid(0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 0x0b);
    const numbers = [costHex, '08', '01'].map(count);
    const parameters = octets(TAG.sequence, octets(TAG.octetString, salt), ...numbers);
    const cost = Math.min(Number.parseInt(costHex, 16), 4096);
    return encrypted(octets(TAG.sequence, kdf, parameters), scryptSync('secret', salt, 32, { cost }));
  };
  const openEncrypted = (platform: Platform, der: Uint8Array, passphrase: string) =>
    platform.openPrivateKey({ form: 'encrypted-pkcs8', der, passphrase });

  test.each(PLATFORMS)(
    'opens with PBKDF2 on the %s platform, and not with a wrong passphrase',
    async (...[, platform]) => {
      const der = byPbkdf2('03e8');
      expect(await openEncrypted(platform, der, 'secret')).toHaveProperty('sign');
      expect(await openEncrypted(platform, der, 'wrong')).toMatchObject({ fault: 'PASSPHRASE_WRONG' });
    },
  );

  test('opens with scrypt where there is scrypt', async () => {
    const der = byScrypt('1000');
    expect(await openEncrypted(node, der, 'secret')).toHaveProperty('sign');
    expect(await openEncrypted(node, der, 'wrong')).toMatchObject({ fault: 'PASSPHRASE_WRONG' });
    expect(await openEncrypted(web, der, 'secret')).toMatchObject({ fault: 'KEY_UNSUPPORTED' });
  });

  test.each<[string, Uint8Array]>([
    ['rounds of PBKDF2', byPbkdf2('7fffffff')],
    ['rounds beyond any number', byPbkdf2('7fffffffffffffffffffffff')],
    ['memory for scrypt', byScrypt('40000000')],
  ])('that asks for too many %s is refused untried', async (...[, der]) => {
    for (const [, platform] of PLATFORMS)
      expect(await openEncrypted(platform, der, 'secret')).toMatchObject({
        fault: 'KEY_UNSUPPORTED',
        remedy: expect.stringContaining('-iter 600000'),
      });
  });

  test('says so with its file and the way out', async () => {
    const { certificatePem } = readVector('mldsa44-plain').inputs;
    const init = { certificate: certificatePem, privateKey: byPbkdf2('7fffffff'), passphrase: 'secret' };
    const { code, message } = await errorOf(fromPem(init));
    expect(code).toBe('KEY_UNSUPPORTED');
    expect(message).toMatch(/^The private key in `privateKey` asks for more rounds .* Encrypt it anew/);
  });
});
