import { describe, expect, test } from '@jest/globals';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import * as fc from 'fast-check';
import { nameText } from '../../src/selection/name-text.js';
import { tokenCertificate } from '../../src/selection/token-certificate.js';

/** DER by hand, so that no other encoder decides about types and order. */
function der(tag: number, ...contents: readonly (Uint8Array | string)[]): Uint8Array {
  const content = Buffer.concat(contents.map((piece) => Buffer.from(piece)));
  const length =
    content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Uint8Array.from([tag, ...length, ...content]);
}

const OIDS = {
  C: '550406',
  O: '55040a',
  OU: '55040b',
  L: '550407',
  ST: '550408',
  STREET: '550409',
  POSTALCODE: '550411',
  CN: '550403',
  SERIALNUMBER: '550405',
  title: '55040c',
  emailAddress: '2a864886f70d010901',
  DC: '0992268993f22c640119',
} as const;
const TYPES = { utf8: 0x0c, printable: 0x13, ia5: 0x16, bmp: 0x1e, t61: 0x14 } as const;

type Attribute = readonly [short: keyof typeof OIDS, value: string | Uint8Array, type?: keyof typeof TYPES];

function attribute([short, value, type = 'utf8']: Attribute): Uint8Array {
  return der(0x30, der(0x06, Buffer.from(OIDS[short], 'hex')), der(TYPES[type], value));
}

/** Each argument is a relative name of one attribute or several. */
function name(...relativeNames: readonly (readonly Attribute[])[]): Uint8Array {
  return der(0x30, ...relativeNames.map((attributes) => der(0x31, ...attributes.map(attribute))));
}

/** The right-hand sides were printed by Go 1.26, `x509.Certificate.Subject.String()`, for certificates with these names. */
describe('a name is written as Go does', () => {
  test.each<[string, Uint8Array]>([
    ['CN=server,O=Example,C=DE', name([['C', 'DE', 'printable']], [['O', 'Example']], [['CN', 'server']])],
    ['CN=server,O=Example,C=DE', name([['CN', 'server']], [['O', 'Example']], [['C', 'DE', 'printable']])],
    ['OU=a+OU=b,O=x', name([['OU', 'a']], [['O', 'x']], [['OU', 'b']])],
    ['CN=last', name([['CN', 'first']], [['CN', 'last']])],
    [
      'SERIALNUMBER=1,CN=n,OU=u,O=o,POSTALCODE=9,STREET=s,L=l,ST=t,C=DE',
      name(
        [
          ['SERIALNUMBER', '1', 'printable'],
          ['CN', 'n'],
        ],
        [['POSTALCODE', '9']],
        [['STREET', 's']],
        [['ST', 't']],
        [['L', 'l']],
        [['OU', 'u']],
        [['O', 'o']],
        [['C', 'DE', 'printable']],
      ),
    ],
    [String.raw`CN=a\,b\+c\"d\\e\<f\>g\;h`, name([['CN', 'a,b+c"d\\e<f>g;h']])],
    [String.raw`CN=\ a b\ `, name([['CN', ' a b ']])],
    [String.raw`CN=\#1#2`, name([['CN', '#1#2']])],
    ['CN=Zoë 😀', name([['CN', 'Zoë 😀']])],
    ['CN=Zoë', name([['CN', Buffer.from('\0Z\0o\0ë', 'latin1'), 'bmp']])],
    [
      'CN=n,1.2.840.113549.1.9.1=#0c0f61406578616d706c652e636f6d2e78',
      name([['CN', 'n']], [['emailAddress', 'a@example.com.x', 'ia5']]),
    ],
    [
      'CN=n,0.9.2342.19200300.100.1.25=#13076578616d706c65,2.5.4.12=#0c034ac3a4',
      name([['title', 'Jä']], [['DC', 'example', 'ia5']], [['CN', 'n']]),
    ],
    ['', name()],
  ])('%s', (text, encoded) => {
    expect(nameText(encoded)).toBe(text);
  });
});

describe('a name that is no name', () => {
  const encoded = name([['C', 'DE', 'printable']], [['O', 'Example']], [['CN', 'server']]);

  test('because it is cut off is refused', () => {
    for (let length = 0; length < encoded.length; length += 1)
      expect(() => nameText(encoded.subarray(0, length))).toThrow(RangeError);
  });

  test('because octets changed is read as something else, or refused as such', () => {
    const change = fc.tuple(fc.nat(encoded.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = Uint8Array.from(encoded);
        for (const [place, octet] of changes) changed[place] = octet;
        expect(['string', 'RangeError']).toContain(outcomeOf(changed));
      }),
    );
  });
});

function outcomeOf(bytes: Uint8Array): string {
  try {
    return typeof nameText(bytes);
  } catch (error) {
    return error instanceof RangeError ? 'RangeError' : String(error);
  }
}

describe('a certificate in a token', () => {
  test('is read with its names and its serial number', async () => {
    const keyAlgorithm = { type: 'EC', curve: 'P-256' } as const;
    const issuer = await issueCertificateAuthority({ subject: 'CN=Issuing,O=Example', keyAlgorithm });
    const { certificate } = await issueCertificate({
      subject: 'CN=a,C=DE',
      issuer,
      keyAlgorithm,
      serialNumber: 0xabcn,
    });
    const stored = { der: certificate.der, label: 'x', id: Uint8Array.of(1) };
    expect(tokenCertificate(stored)).toMatchObject({
      subject: 'CN=a,C=DE',
      issuer: 'CN=Issuing,O=Example',
      serialNumber: 0xabcn,
      notAfter: certificate.notAfter,
    });
  });

  test('that is not one is passed over', () => {
    for (const length of [0, 1, 100])
      expect(
        tokenCertificate({ der: new Uint8Array(length), label: '', id: new Uint8Array() }),
      ).toBeUndefined();
  });
});
