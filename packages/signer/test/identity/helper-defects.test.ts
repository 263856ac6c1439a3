/** What `aws_signing_helper` gets wrong with files, and is right here; what other tests show already is not repeated. */
import { createCipheriv, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createX509Identity, fromPemFiles } from '../../src/index.js';
import { TAG, writeDer } from '../../src/x509/der.js';
import { codeOf } from '../../../../tools/test-support/error-of.js';
import { issue, issueHierarchy } from '../support/issue.js';

const { leaf, chain } = issueHierarchy(1);
const PASSPHRASE = 'hunter2';
const PBES2 = '2a864886f70d01050d';
const oid = (hex: string): Uint8Array => writeDer(TAG.objectIdentifier, Buffer.from(hex, 'hex'));
const sequence = (...content: Uint8Array[]): Uint8Array => writeDer(TAG.sequence, ...content);
const salt = Buffer.from('0123456789abcdef');

interface Encryption {
  readonly scheme?: string;
  readonly keyLength?: boolean;
  readonly hash?: readonly [name: string, oid: string];
  readonly ivOctets?: number;
  readonly missingOctets?: number;
}

/** PKCS#8 under PBES2 with AES-256, with one thing or another as it should not be. */
function encrypted(init: Encryption = {}): Uint8Array {
  const [hash, prf] = init.hash ?? ['sha256', '2a864886f70d0209'];
  const iv = Buffer.alloc(16, 7);
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(PASSPHRASE, salt, 1000, 32, hash), iv);
  const pkcs8 = leaf.key.export({ type: 'pkcs8', format: 'der' });
  const ciphertext = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const derivation = sequence(
    oid('2a864886f70d01050c'),
    sequence(
      writeDer(TAG.octetString, salt),
      writeDer(TAG.integer, Buffer.from('03e8', 'hex')),
      ...(init.keyLength === true ? [writeDer(TAG.integer, Uint8Array.of(32))] : []),
      sequence(oid(prf), Uint8Array.of(5, 0)),
    ),
  );
  const given = writeDer(TAG.octetString, iv.subarray(0, init.ivOctets ?? 16));
  const parameters = sequence(derivation, sequence(oid('60864801650304012a'), given));
  const end = ciphertext.length - (init.missingOctets ?? 0);
  const algorithm = sequence(oid(init.scheme ?? PBES2), parameters);
  return sequence(algorithm, writeDer(TAG.octetString, ciphertext.subarray(0, end)));
}

const open = (key: Uint8Array): Promise<string> =>
  codeOf(() => createX509Identity({ certificate: leaf.pem, key, passphrase: PASSPHRASE }));

test('13: after a rotation to a key of another kind it is signed with the algorithm of that', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signer-defects-'));
  const paths = { certificate: join(folder, 'server.crt'), privateKey: join(folder, 'server.key') };
  const provider = fromPemFiles(paths);
  const algorithms: string[] = [];
  for (const kind of ['rsa', 'P-384', 'rsa'] as const) {
    const { pem, keyPem } = issue({ subject: kind, kind });
    writeFileSync(paths.certificate, pem);
    writeFileSync(paths.privateKey, keyPem);
    const { key } = await provider();
    await key.sign(Buffer.from('message'));
    algorithms.push(key.algorithm);
  }
  expect(algorithms.map((name) => name.slice('AWS4-X509-'.length))).toEqual([
    'RSA-SHA256',
    'ECDSA-SHA256',
    'RSA-SHA256',
  ]);
  rmSync(folder, { recursive: true });
});

describe('22: PBKDF2 is read', () => {
  test.each<[string, Encryption]>([
    ['without the length of the key', {}],
    ['with it', { keyLength: true }],
    ['with it, and SHA-512', { keyLength: true, hash: ['sha512', '2a864886f70d020b'] }],
    ['with it, and SHA-1 by name', { keyLength: true, hash: ['sha1', '2a864886f70d0207'] }],
  ])('%s', async (_, encryption) => {
    expect(await open(encrypted(encryption))).toBe('ok');
  });
});

describe('23: an encryption is refused', () => {
  test.each<[string, Encryption]>([
    ['when its scheme is not PBES2, whatever its parameters', { scheme: '2a864886f70d010503' }],
    ['when its scheme is nothing that is known', { scheme: '2a0304' }],
    ['when its initialisation vector is too short', { ivOctets: 8 }],
    ['when it has none', { ivOctets: 0 }],
    ['when its ciphertext has no whole blocks', { missingOctets: 3 }],
    ['when its ciphertext lacks a block', { missingOctets: 16 }],
  ])('%s', async (_, encryption) => {
    expect(await open(encrypted(encryption))).toMatch(
      /^(PASSPHRASE_WRONG|PRIVATE_KEY_INVALID|KEY_UNSUPPORTED)$/,
    );
  });
});

describe('30: a chain', () => {
  const withChain = (data: string | Uint8Array): Promise<string> =>
    codeOf(() => createX509Identity({ certificate: leaf.pem, chain: data, key: leaf.keyPem }));

  test('in DER is read', async () => {
    expect(await withChain(chain[0]?.der ?? '')).toBe('ok');
  });

  test.each([
    ['text without a certificate', 'no certificates here\n'],
    ['bytes that are no certificate', Buffer.from('0102030405', 'hex')],
    ['a private key', leaf.keyPem],
    ['a certificate in DER that is cut off', leaf.der.subarray(0, 200)],
  ])('that is %s is refused', async (_, data) => {
    expect(await withChain(data)).toBe('CERTIFICATE_INVALID');
  });
});
