import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { type RolesAnywhereError, createX509Identity, fromPem, signRequest } from '../src/index.js';
import { errorOf } from '../../../tools/test-support/error-of.js';
import { generateKey, issue } from './support/issue.js';
import { untyped } from './support/untyped.js';

const passphrase = 'Tr0ub4dor-and-3';
const leaf = issue({ subject: 'leaf', kind: 'rsa' });
const other = issue({ subject: 'other', kind: 'rsa' });
const encrypted = leaf.key
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  .toString();
const traditional = leaf.key
  .export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase })
  .toString();

/** Every stretch of 12 characters of a key file, of its bytes in hexadecimal, and the passphrases. */
function secretPieces(): Set<string> {
  const pieces = new Set([passphrase, 'a wrong passphrase']);
  for (const pem of [leaf.keyPem, encrypted, traditional]) {
    const base64 = pem
      .split('\n')
      .filter((line) => !line.includes('-----') && !line.includes(':'))
      .join('');
    for (const text of [base64, Buffer.from(base64, 'base64').toString('hex')])
      for (let at = 0; at + 12 <= text.length; at += 1) pieces.add(text.slice(at, at + 12));
  }
  return pieces;
}

async function everyError(): Promise<RolesAnywhereError[]> {
  const certificate = leaf.pem;
  const identity = await createX509Identity({ certificate, key: leaf.key });
  const stolen = {
    ...identity,
    key: { algorithm: identity.key.algorithm, sign: () => Promise.reject(new Error('x')) },
  };
  const request = {
    method: 'POST',
    protocol: 'https:',
    hostname: 'h',
    path: '/',
    headers: { x: passphrase },
    body: {},
  };
  const inits = [
    { certificate, privateKey: encrypted },
    { certificate, privateKey: encrypted, passphrase: 'a wrong passphrase' },
    { certificate, privateKey: traditional, passphrase: 'a wrong passphrase' },
    { certificate, privateKey: encrypted.slice(0, 500), passphrase },
    { certificate, privateKey: encrypted.replace('M', '*'), passphrase },
    { certificate, privateKey: leaf.keyPem.slice(0, 500) },
    { certificate, privateKey: leaf.keyPem.replaceAll('-----', '') },
    { certificate, privateKey: leaf.keyPem.replace(/A/g, 'B') },
    { certificate: other.pem, privateKey: leaf.keyPem },
    { certificate: leaf.keyPem },
    { certificate, privateKey: leaf.keyPem + leaf.keyPem },
    { certificate, privateKey: Buffer.from(leaf.keyPem).subarray(40) },
    { certificate, privateKey: encrypted, passphrase: untyped(() => ({ passphrase })) },
    { certificate, privateKey: encrypted, passphrase: `${passphrase}${'x'.repeat(2000)}` },
  ];
  return Promise.all([
    ...inits.map((init) => errorOf(fromPem(init))),
    errorOf(() => signRequest({ ...request, body: '' }, { identity: stolen, region: 'x' })),
    errorOf(() => signRequest(request, { identity, region: 'x' })),
    errorOf(() => createX509Identity({ certificate: other.pem, key: leaf.key })),
    errorOf(() => createX509Identity({ certificate, key: generateKey('rsa') })),
  ]);
}

test('no error holds a piece of a key or a passphrase, however it is printed', async () => {
  const pieces = secretPieces();
  for (const error of await everyError()) {
    const printed = [
      error.message,
      JSON.stringify(error),
      String(error.stack),
      inspect(error, { depth: 9, showHidden: true }),
    ];
    for (const text of printed) {
      for (let at = 0; at < text.length; at += 1) expect(pieces.has(text.slice(at, at + 12))).toBe(false);
      expect(text).not.toContain(passphrase);
      expect(text).not.toContain('a wrong passphrase');
    }
  }
});
