import { isRolesAnywhereError } from '@rolesanywhere/signer';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseTss2Key } from '../../src/key/tss2-key.js';
import { readTss2Pem } from '../../src/key/tss2-pem.js';
import { recorded } from '../support/recordings.js';

const PEM = recorded('key-file-p256').keyFile ?? '';
const DER = Buffer.from(readTss2Pem(Buffer.from(PEM), 'key.pem'));

function parse(file: string | Uint8Array) {
  return parseTss2Key(readTss2Pem(Buffer.from(file), 'key.pem'), 'key.pem');
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

const LOADABLE = Buffer.from('06066781050a0103', 'hex');
const IMPORTABLE = Buffer.from('06066781050a0104', 'hex');
const OWNER = Buffer.from('020440000001', 'hex');
const PARTS = [der(4, Buffer.from('00020102', 'hex')), der(4, Buffer.from('00020304', 'hex'))] as const;
const key = (...fields: readonly Uint8Array[]): Buffer => der(0x30, LOADABLE, ...fields, OWNER, ...PARTS);
const flag = (tag: number, octet: number): Buffer => der(tag, Buffer.of(1, 1, octet));

test('reads what OpenSSL writes', () => {
  const parsed = parse(PEM);
  expect(parsed).toMatchObject({ parent: 0x40000001, emptyAuth: true, rsaParent: false });
  expect(parsed.publicArea).toHaveLength(86);
  expect(parsed.privateArea).toHaveLength(126);
});

test('reads DER, text around the block, and other line ends', () => {
  const expected = parse(PEM);
  for (const form of [
    DER,
    `Text before\n${PEM}-----BEGIN CERTIFICATE-----\n`,
    PEM.replaceAll('\n', '\r\n'),
    Buffer.from(`\ufeff${PEM}`, 'utf16le'),
  ])
    expect(parse(form)).toEqual(expected);
});

test('reads every form of the flags', () => {
  expect(parse(key())).not.toHaveProperty('emptyAuth');
  expect(parse(key(flag(0xa0, 0)))).toMatchObject({ emptyAuth: false });
  expect(parse(key(flag(0xa0, 1)))).toMatchObject({ emptyAuth: true });
  expect(parse(key(flag(0xa0, 0xff), flag(0xa5, 0xff)))).toMatchObject({ emptyAuth: true, rsaParent: true });
  expect(parse(key(der(0xa4, der(0x0c, Buffer.from('a description')))))).toMatchObject({
    parent: 0x40000001,
  });
});

test('reads the secret of an importable key', () => {
  const secret = der(0xa2, der(4, Buffer.from('0003050607', 'hex')));
  expect(parse(der(0x30, IMPORTABLE, secret, OWNER, ...PARTS)).secret).toEqual(Buffer.from('050607', 'hex'));
});

for (const [hex, parent] of [
  ['0205008100000a', 0x8100000a],
  ['02048100000a', 0x8100000a],
  ['020440000007', 0x40000007],
  ['02044000000b', 0x4000000b],
  ['02044000000c', 0x4000000c],
] as const) {
  test(`takes the parent 0x${parent.toString(16)} from ${hex}`, () => {
    expect(parse(der(0x30, LOADABLE, Buffer.from(hex, 'hex'), ...PARTS)).parent).toBe(parent);
  });
}

const policy = der(0x30, der(0x30, der(0xa0, Buffer.from('02020171', 'hex')), der(0xa1, der(4))));
const REFUSED = [
  [
    'an importable key without its secret',
    der(0x30, IMPORTABLE, OWNER, ...PARTS),
    'PRIVATE_KEY_INVALID',
    'no secret part',
  ],
  [
    'sealed data',
    der(0x30, Buffer.from('06066781050a0105', 'hex'), OWNER, ...PARTS),
    'KEY_UNSUPPORTED',
    'sealed',
  ],
  [
    'an unknown type',
    der(0x30, Buffer.from('06066781050a0109', 'hex'), OWNER, ...PARTS),
    'KEY_UNSUPPORTED',
    '2.23.133.10.1.9',
  ],
  ['a policy', key(der(0xa1, policy)), 'KEY_UNSUPPORTED', 'policy'],
  ['an authorised policy', key(der(0xa3, policy)), 'KEY_UNSUPPORTED', 'policy'],
  ['a secret', key(der(0xa2, der(4, Buffer.of(0, 0)))), 'PRIVATE_KEY_INVALID', 'secret'],
  [
    'a parent that is transient',
    der(0x30, LOADABLE, Buffer.from('02050080000000', 'hex'), ...PARTS),
    'PRIVATE_KEY_INVALID',
    '0x80000000',
  ],
  [
    'a parent that is none',
    der(0x30, LOADABLE, Buffer.from('020100', 'hex'), ...PARTS),
    'PRIVATE_KEY_INVALID',
    '0x00000000',
  ],
  ['no private part', der(0x30, LOADABLE, OWNER, PARTS[0]), 'PRIVATE_KEY_INVALID', 'private part'],
  [
    'a part with a wrong size',
    der(0x30, LOADABLE, OWNER, PARTS[0], der(4, Buffer.from('000903', 'hex'))),
    'PRIVATE_KEY_INVALID',
    'damaged',
  ],
  ['an empty file', '', 'PRIVATE_KEY_INVALID', 'is empty'],
  ['half a block', PEM.slice(0, 200), 'PRIVATE_KEY_INVALID', 'cut off'],
  ['what is no base64', PEM.replace('MI', '!!'), 'PRIVATE_KEY_INVALID', 'not base64'],
  [
    'an ordinary key',
    '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n',
    'PRIVATE_KEY_INVALID',
    'fromPemFiles',
  ],
  [
    'a key of the form before',
    '-----BEGIN TSS2 KEY BLOB-----\nAA==\n-----END TSS2 KEY BLOB-----\n',
    'PRIVATE_KEY_INVALID',
    'came before TSS2 PRIVATE KEY.*persistent handle',
  ],
  [
    'a key of OpenSSH',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n-----END OPENSSH PRIVATE KEY-----\n',
    'PRIVATE_KEY_INVALID',
    'another program',
  ],
  [
    'a key of a TPM 1.2',
    '-----BEGIN TSS KEY BLOB-----\nAA==\n-----END TSS KEY BLOB-----\n',
    'PRIVATE_KEY_INVALID',
    'TPM 1.2',
  ],
] as const;

for (const [what, file, code, words] of REFUSED) {
  test(`refuses ${what}`, () => {
    expect(() => parse(file)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(`key\\.pem.*${words}`) }),
    );
  });
}

test('ends every cut and every change of a file in a typed error or a key', () => {
  const typed = (bytes: Uint8Array): boolean => {
    try {
      parse(bytes);
      return true;
    } catch (error) {
      return isRolesAnywhereError(error);
    }
  };
  for (let length = 0; length < DER.length; length += 1) expect(typed(DER.subarray(0, length))).toBe(true);
  for (let length = 0; length < PEM.length; length += 1)
    expect(typed(Buffer.from(PEM.slice(0, length)))).toBe(true);
  const changed = fc.tuple(fc.nat(DER.length - 1), fc.nat(255)).map(([place, value]) => {
    const bytes = Buffer.from(DER);
    bytes[place] = value;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 400 })), (bytes) => {
      expect(typed(bytes)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('is quick with a file that is deeply nested or has absurd lengths', () => {
  const nested = Buffer.concat([LOADABLE, Buffer.alloc(200_000, Buffer.from('a080', 'hex'))]);
  const many = Buffer.concat([LOADABLE, Buffer.alloc(1_000_000, Buffer.from('a4020400', 'hex'))]);
  for (const file of [
    many,
    Buffer.concat([Buffer.from('30830f424b', 'hex'), many.subarray(0, 0x0f424b)]),
    '-----BEGIN TSS2 PRIVATE KEY-----\n'.repeat(30_000),
    nested,
    der(0x30, nested.subarray(0, 60_000)),
    Buffer.from('3084ffffffff06066781050a0103', 'hex'),
  ])
    expect(() => parse(file)).toThrow(expect.objectContaining({ code: 'PRIVATE_KEY_INVALID' }));
});
