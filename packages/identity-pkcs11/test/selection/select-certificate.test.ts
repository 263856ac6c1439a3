import { beforeAll, describe, expect, test } from '@jest/globals';
import { type IssuedCertificate, issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { isRolesAnywhereError } from '@rolesanywhere/signer';
import { isSelected } from '../../src/selection/certificate-selector.js';
import { issuersOf } from '../../src/selection/issuers-of.js';
import { type CertificateChoice, selectCertificate } from '../../src/selection/select-certificate.js';
import { type TokenCertificate, tokenCertificate } from '../../src/selection/token-certificate.js';

const keyAlgorithm = { type: 'EC', curve: 'P-256' } as const;
const CHOICE = { latestExpiring: false, place: 'pkcs11:token=a' } satisfies CertificateChoice;
const YEAR = 365 * 24 * 3600 * 1000;

function stored({ certificate }: IssuedCertificate, id: number): TokenCertificate {
  const read = tokenCertificate({ der: certificate.der, label: `object ${id}`, id: Uint8Array.of(id) });
  if (read === undefined) throw new TypeError('it was issued as a certificate');
  return read;
}

async function makeToken() {
  const root = await issueCertificateAuthority({ subject: 'CN=Root', keyAlgorithm });
  const policy = await issueCertificateAuthority({ subject: 'CN=Policy', issuer: root, keyAlgorithm });
  const issuing = await issueCertificateAuthority({ subject: 'CN=Issuing', issuer: policy, keyAlgorithm });
  const impostor = await issueCertificateAuthority({ subject: 'CN=Issuing', keyAlgorithm });
  const leaf = (subject: string, years = 1) =>
    issueCertificate({
      subject,
      issuer: issuing,
      keyAlgorithm,
      notAfter: new Date(Date.now() + years * YEAR),
    });
  const [first, second] = [await leaf('CN=first,O=Example'), await leaf('CN=second,O=Example', 2)];
  const renewed = await issueCertificate({
    subject: 'CN=first,O=Example',
    issuer: issuing,
    privateKey: first.privateKey,
    notAfter: new Date(Date.now() + 3 * YEAR),
  });
  return {
    first: stored(first, 1),
    second: stored(second, 2),
    renewed: stored(renewed, 1),
    issuing: stored(issuing, 0xf0),
    policy: stored(policy, 0xf1),
    root: stored(root, 0xf2),
    impostor: stored(impostor, 0xf3),
  };
}

let token: Awaited<ReturnType<typeof makeToken>>;
beforeAll(async () => {
  token = await makeToken();
});

/** Keys have the ids 1 and 2. */
const hasKey = async ({ id }: TokenCertificate): Promise<boolean> => id[0] === 1 || id[0] === 2;

async function messageOf(select: () => Promise<unknown>): Promise<string> {
  try {
    await select();
  } catch (error) {
    if (isRolesAnywhereError(error) && error.code === 'IDENTITY_UNAVAILABLE') return error.message;
    throw error;
  }
  return 'selected';
}

describe('of several certificates', () => {
  test('the one is taken that has a key', async () => {
    expect(await selectCertificate([token.root, token.issuing, token.second], hasKey, CHOICE)).toBe(
      token.second,
    );
  });

  test('the newest is taken when they have one key', async () => {
    expect(await selectCertificate([token.first, token.renewed], hasKey, CHOICE)).toBe(token.renewed);
  });

  test('the one that the selector means is taken, whatever else is there', async () => {
    const found = [token.first, token.second, token.issuing];
    const select = (selector: CertificateChoice['selector']) =>
      selectCertificate(found, hasKey, { ...CHOICE, selector });
    expect(await select({ subject: 'CN=second,O=Example' })).toBe(token.second);
    expect(await select({ issuer: 'CN=Policy' })).toBe(token.issuing);
    expect(await select({ serial: token.first.serialNumber.toString(16).toUpperCase() })).toBe(token.first);
    expect(await select({ serial: `0x00${token.first.serialNumber.toString(16)}` })).toBe(token.first);
  });

  test('the one that ends last is taken when that was asked for', async () => {
    expect(
      await selectCertificate([token.first, token.second], hasKey, { ...CHOICE, latestExpiring: true }),
    ).toBe(token.second);
  });

  test('none is taken by chance: all are listed, with what tells them apart', async () => {
    const message = await messageOf(() => selectCertificate([token.first, token.second], hasKey, CHOICE));
    expect(message).toContain('pkcs11:token=a: 2 certificates match: "CN=second,O=Example", serial ');
    expect(message).toContain('(object=object%201;id=%01)');
    expect(message).toContain('Add `id` or `object` to the URI, give a `selector`, or set `latestExpiring`.');
  });

  test('the same one twice counts once', async () => {
    const twin = { ...token.second, id: Uint8Array.of(2) };
    expect((await selectCertificate([token.second, twin], hasKey, CHOICE)).x509).toBe(token.second.x509);
  });

  test('many are not all listed', async () => {
    const issuer = await issueCertificateAuthority({ subject: 'CN=Issuing', keyAlgorithm });
    const issue = (index: number) => issueCertificate({ subject: `CN=${index}`, issuer, keyAlgorithm });
    const many = await Promise.all(Array.from({ length: 13 }, (_, index) => issue(index)));
    const found = many.map((issued) => stored(issued, 1));
    expect(await messageOf(() => selectCertificate(found, hasKey, CHOICE))).toContain('and 3 more');
  });
});

describe('without a certificate', () => {
  test('the command that writes one is named', async () => {
    expect(await messageOf(() => selectCertificate([], hasKey, CHOICE))).toContain(
      'pkcs11-tool --write-object',
    );
  });

  test('that the selector means, those that are there are listed as they must be written', async () => {
    const selector = { subject: 'O=Example, CN=first' };
    const message = await messageOf(() => selectCertificate([token.first], hasKey, { ...CHOICE, selector }));
    expect(message).toContain('"CN=first,O=Example"');
  });
});

describe('a selector', () => {
  test('that says nothing means every certificate', () => {
    expect(isSelected(undefined, token.first)).toBe(true);
  });

  test('means only what matches in all that it says', () => {
    const { subject, issuer } = token.first;
    expect(isSelected({ subject, issuer }, token.first)).toBe(true);
    expect(isSelected({ subject, issuer: 'CN=Other' }, token.first)).toBe(false);
    expect(isSelected({ subject, serial: '1' }, token.first)).toBe(false);
  });
});

describe('the chain from a token', () => {
  test('holds the issuers of the certificate and nothing else', () => {
    const all = [
      token.impostor,
      token.root,
      token.second,
      token.renewed,
      token.policy,
      token.issuing,
      token.first,
    ];
    expect(new Set(issuersOf(token.first, all))).toEqual(new Set([token.issuing, token.policy, token.root]));
  });

  test('ends where an issuer is missing', () => {
    expect(issuersOf(token.first, [token.root, token.issuing])).toEqual([token.issuing]);
  });

  test('is empty when the certificate is alone', () => {
    expect(issuersOf(token.first, [token.first])).toEqual([]);
  });
});
