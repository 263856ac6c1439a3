import { X509Certificate, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { issueCertificate } from '@rolesanywhere/pki';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { type FromPkcs11Init, type Pkcs11IdentityProvider, fromPkcs11 } from '../src/index.js';
import { describeContracts } from './support/describe-contracts.js';
import { MODULE, PIN, type SoftToken, makeAuthorities, makeSoftToken, run } from './support/soft-token.js';

const test = testWith('REAL_HSM');

let token: SoftToken;
let authorities: Awaited<ReturnType<typeof makeAuthorities>>;
let certificatePem: string;
const opened: Pkcs11IdentityProvider[] = [];

beforeAll(async () => {
  if (realPart('REAL_HSM') === undefined) return;
  token = makeSoftToken('one', 'shared');
  authorities = await makeAuthorities();
  token.makeKey({ id: '01', type: 'EC:prime256v1' });
  certificatePem = token.certify('01', authorities.issuing);
  token.putCertificate('01', certificatePem, token.label);
  token.putCertificate('f0', authorities.issuing.certificatePem);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((provider) => provider.close()));
});
afterAll(() => token?.remove());

function open(init: Partial<FromPkcs11Init>): Pkcs11IdentityProvider {
  const provider = fromPkcs11({ certificate: `${token.uri};id=%01`, module: MODULE, ...init });
  opened.push(provider);
  return provider;
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function isRight(pem: string, message: string, signature: Uint8Array): boolean {
  return verify('sha256', Buffer.from(message), new X509Certificate(pem).publicKey, signature);
}

describe('the PIN', () => {
  test('comes from the URI or from a file that it names', async () => {
    const path = join(token.folder, 'pin.txt');
    writeFileSync(path, `${PIN}\n`);
    for (const query of [`pin-value=${PIN}`, `pin-source=${path}`, `pin-source=file:${path}`]) {
      const { key } = await open({ certificate: `${token.uri};id=%01?${query}` })();
      expect(isRight(certificatePem, 'x', await key.sign(Buffer.from('x')))).toBe(true);
    }
  });

  test('is asked for once, whatever is called at the same time', async () => {
    let asked = 0;
    const pin = async (): Promise<string> => {
      asked += 1;
      return PIN;
    };
    const provider = open({ pin });
    const identities = await Promise.all([provider(), provider(), provider()]);
    await Promise.all(identities.map(({ key }) => key.sign(Buffer.from('x'))));
    expect(asked).toBe(1);
  });

  test('that is wrong is tried once, and the token counts no further one', async () => {
    const other = makeSoftToken('counting', 'shared');
    const flags = (): string =>
      run('pkcs11-tool', '--module', MODULE, '--list-token-slots').split(other.label)[1] ?? '';
    const certificate = `${other.uri};id=%01`;
    expect(flags()).not.toContain('user PIN count low');
    const provider = open({ certificate, pin: 'a wrong PIN' });
    const first = await errorOf(provider());
    expect(first).toMatchObject({ code: 'PASSPHRASE_WRONG' });
    expect(String(first)).toContain('CKR_PIN_INCORRECT (0xa0)');
    const after = flags();
    for (let count = 0; count < 12; count += 1) {
      const again = await errorOf(open({ certificate, pin: 'a wrong PIN' })());
      expect(inspect(again, { depth: 9 })).not.toContain('a wrong PIN');
      expect(again).toMatchObject({ code: 'PASSPHRASE_WRONG' });
    }
    expect(flags()).toBe(after);
    // The right one still opens it: 12 further tries would have locked it.
    expect(await errorOf(open({ certificate, pin: PIN })())).toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
    await Promise.all(opened.splice(0).map((one) => one.close()));
    other.remove();
  });

  test('that is needed and not given is named', async () => {
    const error = await errorOf(open({})());
    expect(error).toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
    expect(String(error)).toContain('Give `pin`, or `pin-source` in the URI.');
  });

  test('of a key that wants it each time is given each time', async () => {
    token.makeKey({ id: '0a', type: 'EC:prime256v1' }, '--always-auth');
    token.putCertificate('0a', token.certify('0a', authorities.issuing), 'always');
    const { key } = await open({ certificate: `${token.uri};object=always`, pin: async () => PIN })();
    const signatures = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((text) => key.sign(Buffer.from(text))),
    );
    expect(signatures).toHaveLength(5);
    for (const type of ['cert', 'privkey', 'pubkey'])
      token.tool('--delete-object', '--type', type, '--id', '0a');
  });
});

describe('close', () => {
  test('waits for signatures that were begun, and refuses those after it', async () => {
    const provider = open({ pin: PIN });
    const { key } = await provider();
    const begun = Array.from({ length: 40 }, (_, index) => key.sign(Buffer.from(String(index))));
    const closed = provider.close();
    const late = errorOf(key.sign(Buffer.from('late')));
    const signatures = await Promise.all(begun);
    await closed;
    expect(
      signatures.map((signature, index) => isRight(certificatePem, String(index), signature)),
    ).not.toContain(false);
    expect(await late).toMatchObject({ code: 'SIGNING_FAILED' });
  });

  test('does not wait for a person who is asked for the PIN', async () => {
    const provider = open({ pin: () => new Promise<string>(() => {}) });
    const loading = errorOf(provider());
    await new Promise((resolve) => setTimeout(resolve, 20));
    await provider.close();
    expect(await loading).toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
      message: expect.stringContaining('was closed'),
    });
  });

  test('leaves another identity with the same token logged in', async () => {
    const [first, second] = [open({ pin: PIN }), open({ pin: PIN })];
    const [, { key }] = [await first(), await second()];
    await first.close();
    expect(isRight(certificatePem, 'x', await key.sign(Buffer.from('x')))).toBe(true);
  });
});

describe('the token', () => {
  test('is found among others by the certificate that it shows, without its name', async () => {
    const other = makeSoftToken('other', 'shared');
    const { certificate } = await open({
      certificate: `pkcs11:object=${encodeURIComponent(token.label)}`,
      pin: PIN,
    })();
    expect(Buffer.from(certificate.der)).toEqual(new X509Certificate(certificatePem).raw);
    other.remove();
  });

  test('is found by its slot, serial number and manufacturer', async () => {
    const list = run('pkcs11-tool', '--module', MODULE, '--list-token-slots').split(token.label)[1] ?? '';
    const [, serial] = /serial num\s*:\s*(\S+)/.exec(list) ?? [];
    const slot = BigInt(`0x${String(serial).slice(-8)}`) & 0x7fff_ffffn;
    const certificate = `pkcs11:serial=${serial};manufacturer=SoftHSM%20project;slot-id=${slot};id=%01`;
    expect((await open({ certificate, pin: PIN })()).chain).toHaveLength(1);
  });

  test('that shares its label with another is told by the serial number, and both are listed', async () => {
    const twins = [makeSoftToken('twin', 'shared'), makeSoftToken('twin', 'shared')];
    const error = await errorOf(open({ certificate: 'pkcs11:model=SoftHSM%20v2;object=none', pin: PIN })());
    expect(error).toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
    for (const { label } of [...twins, token])
      expect(String(error)).toContain(`token=${encodeURIComponent(label)};serial=`);
    for (const twin of twins) twin.remove();
  });
});

describe('the certificate and its key', () => {
  test('are found by the label, when the objects have no id in common', async () => {
    const keyAlgorithm = { type: 'RSA', modulusLength: 2048 } as const;
    const issued = await issueCertificate({ subject: 'CN=x', issuer: authorities.issuing, keyAlgorithm });
    token.importKey('21', issued.privateKeyPem);
    token.putCertificate('22', issued.certificatePem, 'key 21');
    const { key } = await open({ certificate: `${token.uri};object=key%2021`, pin: PIN })();
    expect(isRight(issued.certificatePem, 'x', await key.sign(Buffer.from('x')))).toBe(true);
    token.tool('--delete-object', '--type', 'cert', '--id', '22');
    token.tool('--delete-object', '--type', 'privkey', '--id', '21');
    token.tool('--delete-object', '--type', 'pubkey', '--id', '21');
  });

  test('that do not belong together are told by the first signature', async () => {
    const keyAlgorithm = { type: 'EC', curve: 'P-256' } as const;
    const foreign = await issueCertificate({
      subject: 'CN=foreign',
      issuer: authorities.issuing,
      keyAlgorithm,
    });
    token.putCertificate('31', foreign.certificatePem, 'foreign');
    const init = { certificate: `${token.uri};object=foreign`, privateKey: `${token.uri};id=%01`, pin: PIN };
    const { key } = await open(init)();
    expect(await errorOf(key.sign(Buffer.from('x')))).toMatchObject({ code: 'KEY_MISMATCH' });
    expect(String(await errorOf(open({ ...init, privateKey: undefined })()))).toContain(
      'the token holds no private key for id=%31',
    );
    token.tool('--delete-object', '--type', 'cert', '--id', '31');
  });

  test('are told apart from a key whose URI is wrong, though another key would fit', async () => {
    const init = { privateKey: `${token.uri};object=a%20mistake`, pin: PIN };
    expect(String(await errorOf(open(init)()))).toContain(
      'the token holds no private key for object=a%20mistake',
    );
  });

  test('are chosen by subject, serial number or the latest end', async () => {
    token.makeKey({ id: '41', type: 'EC:prime256v1' });
    const keyPem = token.certify('41', authorities.issuing);
    token.putCertificate('41', keyPem, 'second');
    const certificate = token.uri;
    const error = await errorOf(open({ certificate, pin: PIN })());
    expect(String(error)).toContain('2 certificates match: "CN=hsm-client,O=Example", serial ');
    const { serialNumber, raw } = new X509Certificate(keyPem);
    const bySerial = await open({
      certificate,
      pin: PIN,
      selector: { serial: serialNumber, subject: 'CN=hsm-client,O=Example' },
    })();
    expect(Buffer.from(bySerial.certificate.der)).toEqual(raw);
    expect((await open({ certificate, pin: PIN, latestExpiring: true })()).chain).toHaveLength(1);
    for (const type of ['cert', 'privkey', 'pubkey'])
      token.tool('--delete-object', '--type', type, '--id', '41');
  });

  test('that are not there are named, with what to do', async () => {
    const error = await errorOf(open({ certificate: `${token.uri};object=none`, pin: PIN })());
    expect(error).toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
    expect(String(error)).toContain('pkcs11-tool --write-object');
  });
});

describe('a key', () => {
  test('that may not be used with the hash of the token signs what was hashed here', async () => {
    token.makeKey({ id: '51', type: 'rsa:2048' }, '--allowed-mechanisms', 'RSA-PKCS');
    const pem = token.certify('51', authorities.issuing);
    token.putCertificate('51', pem);
    const { key } = await open({ certificate: `${token.uri};id=%51`, pin: PIN })();
    expect(isRight(pem, 'x', await key.sign(Buffer.from('x')))).toBe(true);
    for (const type of ['cert', 'privkey', 'pubkey'])
      token.tool('--delete-object', '--type', type, '--id', '51');
  });

  test('that may not sign in a way that the service takes says so', async () => {
    token.makeKey({ id: '52', type: 'rsa:2048' }, '--allowed-mechanisms', 'RSA-PKCS-PSS');
    token.putCertificate('52', token.certify('52', authorities.issuing));
    const { key } = await open({ certificate: `${token.uri};id=%52`, pin: PIN })();
    const error = await errorOf(key.sign(Buffer.from('x')));
    expect(error).toMatchObject({ code: 'SIGNING_FAILED', cause: { symbol: 'CKR_MECHANISM_INVALID' } });
    expect(String(error)).toContain(
      'the token does not sign in this way with this key. Use an RSA or EC key',
    );
    for (const type of ['cert', 'privkey', 'pubkey'])
      token.tool('--delete-object', '--type', type, '--id', '52');
  });
});

describe('names that are not ASCII', () => {
  test('are those of the token and its objects', async () => {
    const other = makeSoftToken('Zoë 😀', 'shared');
    other.makeKey({ id: '01', type: 'EC:prime256v1' });
    const pem = other.certify('01', authorities.issuing);
    other.putCertificate('01', pem, 'Schlüssel');
    const { key } = await open({ certificate: `${other.uri};object=Schl%C3%BCssel`, pin: PIN })();
    expect(isRight(pem, 'x', await key.sign(Buffer.from('x')))).toBe(true);
    await Promise.all(opened.splice(0).map((provider) => provider.close()));
    other.remove();
  });
});

describe('the module', () => {
  test('may be given by its path or its name in the URI', async () => {
    const uri = `${token.uri};id=%01`;
    const init = { module: undefined, pin: PIN };
    for (const certificate of [`${uri}?module-name=softhsm2`, `${uri}?module-path=${MODULE}`]) {
      const { key } = await open({ ...init, certificate })();
      expect(isRight(certificatePem, 'x', await key.sign(Buffer.from('x')))).toBe(true);
    }
  });
});

// In this file, since SoftHSM fails while another process adds or removes tokens in its place.
if (realPart('REAL_HSM') !== undefined) describeContracts();
