import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy, derOf, pkcs8Of } from './support/certificates.js';
import { errorOf } from '../../../tools/test-support/error-of.js';
import { untyped } from './support/untyped.js';
import {
  certificateBag,
  encryptedKeyBag,
  keyBag,
  pbkdf2Aes256,
  pbmac1,
  pkcs12,
  plainSafe,
} from './support/write-pkcs12.js';

const PASSPHRASE = 'Tr0ub4dor-and-3';
const WRONG = 'a wrong passphrase';

test('no error holds a piece of a key or a passphrase, however it is printed', async () => {
  const { leaf } = await createHierarchy();
  const [server, other] = [await leaf('CN=server'), await leaf('CN=other')];
  const [key, certificate] = [pkcs8Of(server), certificateBag(derOf(server))];
  const encrypted = encryptedKeyBag(key, pbkdf2Aes256(PASSPHRASE));
  const mac = pbmac1(PASSPHRASE, { keyLength: 32 });
  const good = pkcs12([plainSafe(encrypted, certificate)], mac);
  const inits = [
    { data: good },
    { data: good, passphrase: WRONG },
    { data: good, passphrase: untyped(() => ({ PASSPHRASE })) },
    { data: good.subarray(0, 400), passphrase: PASSPHRASE },
    { data: pkcs12([plainSafe(encrypted)], mac), passphrase: PASSPHRASE },
    { data: pkcs12([plainSafe(keyBag(key), certificateBag(derOf(other)))]) },
    { data: pkcs12([plainSafe(keyBag(key.subarray(0, 60)), certificate)]) },
    {
      data: pkcs12([
        plainSafe(keyBag(Buffer.concat([key.subarray(0, 40), Buffer.alloc(key.length - 40)])), certificate),
      ]),
    },
    {
      data: pkcs12([
        plainSafe(keyBag(key), keyBag(pkcs8Of(other)), certificate, certificateBag(derOf(other))),
      ]),
    },
    { file: `/nowhere/${'x'.repeat(20)}`, passphrase: PASSPHRASE },
  ];
  const errors = await Promise.all(inits.map((init) => errorOf(fromPkcs12(init))));
  const forms = [key.toString('hex'), key.toString('base64'), pkcs8Of(other).toString('hex')];
  const pieces = new Set(
    forms.flatMap((form) => Array.from({ length: form.length - 11 }, (_, at) => form.slice(at, at + 12))),
  );
  for (const error of errors) {
    const text = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.stack].join(
      '\n',
    );
    expect(
      Array.from({ length: text.length }, (_, at) => text.slice(at, at + 12)).filter((piece) =>
        pieces.has(piece),
      ),
    ).toEqual([]);
    expect(text).not.toContain(PASSPHRASE);
    expect(text).not.toContain(WRONG);
  }
});
