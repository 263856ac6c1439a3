import { createPrivateKey, createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  issueCertificateRevocationList,
  type FindingCode,
  type GeneralNameInit,
  type IssueCertificateAuthorityInit,
  type IssueCertificateInit,
  type IssuedCertificate,
  type NameConstraintsInit,
} from '@rolesanywhere/pki';
import { createTestWorld, NOT_AFTER, NOT_BEFORE, type TestWorldInit } from '../support/create-test-world.js';
import {
  ecKey,
  issueTestAuthority,
  issueTestChain,
  issueTestLeaf,
  type TestChain,
  type TestChainBend,
} from '../support/issue-test-chain.js';
import { ACCEPTED, denied, invalidSignature, sendAndJudge, type Judged } from '../support/send-and-judge.js';
import { derBase64, TEST_DATE, type TestRequestInit } from '../support/sign-test-request.js';

/** What is registered and what is sent. */
interface Scene {
  readonly anchor: IssuedCertificate;
  readonly leaf: IssuedCertificate;
  readonly chain: readonly IssuedCertificate[];
  /** Serial numbers in a list that the anchor signs. */
  readonly revoked?: readonly bigint[];
  /** Clock at the registration of the anchor, when it is another than at the request. */
  readonly registeredAt?: Date;
  readonly world?: Partial<TestWorldInit>;
  readonly request?: Partial<TestRequestInit>;
}

/** A fault, and the same without it. */
interface Fault {
  readonly name: string;
  readonly expected: Judged;
  readonly faulty: () => Promise<Scene>;
  readonly mended: () => Promise<Scene>;
}

const untrusted = (reason: FindingCode): Judged => denied(reason, 'Untrusted signing certificate');
const insufficient = (reason: FindingCode): Judged =>
  denied(reason, 'Untrusted certificate. Insufficient certificate');
const outOfDate = (reason: FindingCode): Judged =>
  denied(reason, 'Untrusted certificate. The certificate is not valid at this time');
const REVOKED = denied('CERTIFICATE_REVOKED', 'Certificate revoked');

const sceneOf = ({ root, intermediate, leaf }: TestChain): Scene => ({
  anchor: root,
  leaf,
  chain: [intermediate],
});
const bent = async (bend: TestChainBend, more: Partial<Scene> = {}): Promise<Scene> => ({
  ...sceneOf(await issueTestChain(bend)),
  ...more,
});
const plain = (): Promise<Scene> => bent({});

type Leaf = Partial<IssueCertificateInit>;
type Authority = Partial<IssueCertificateAuthorityInit>;

function leafFault(name: string, expected: Judged, [faulty, mended = {}]: readonly [Leaf, Leaf?]): Fault {
  return {
    name: `a leaf ${name}`,
    expected,
    faulty: () => bent({ leaf: faulty }),
    mended: () => bent({ leaf: mended }),
  };
}

function caFault(
  name: string,
  expected: Judged,
  [faulty, mended = {}]: readonly [Authority, Authority?],
): Fault {
  return {
    name: `an intermediate ${name}`,
    expected,
    faulty: () => bent({ intermediate: faulty }),
    mended: () => bent({ intermediate: mended }),
  };
}

const NAMES: readonly GeneralNameInit[] = [
  { type: 'dns', value: 'host.example.com' },
  { type: 'email', value: 'user@mail.example.com' },
  { type: 'uri', value: 'spiffe://trust.example.com/service' },
  { type: 'ip', value: '192.0.2.7' },
  { type: 'ip', value: '2001:db8::7' },
];

function nameFault(name: string, faulty: NameConstraintsInit, mended: NameConstraintsInit): Fault {
  const leaf: Leaf = { subjectAlternativeName: NAMES };
  return {
    name: `a leaf with ${name}`,
    expected: untrusted('NAME_CONSTRAINTS_VIOLATED'),
    faulty: () => bent({ leaf, intermediate: { nameConstraints: faulty } }),
    mended: () => bent({ leaf, intermediate: { nameConstraints: mended } }),
  };
}

const second = (offset: number): Date => new Date(TEST_DATE.getTime() + offset * 1000);
const extension = (oid: string, critical: boolean): Leaf => ({
  extensions: [{ oid, critical, value: Uint8Array.of(5, 0) }],
});
const PRIVATE_OID = '1.3.6.1.4.1.99999.1';
const EXPIRED = { notBefore: NOT_BEFORE, notAfter: second(-1) };
const LAST_SECOND = { notBefore: NOT_BEFORE, notAfter: TEST_DATE };
const FUTURE = { notBefore: second(1), notAfter: NOT_AFTER };
const FIRST_SECOND = { notBefore: TEST_DATE, notAfter: NOT_AFTER };
const rsa = (modulusLength: number) => ({ keyAlgorithm: { type: 'RSA', modulusLength } }) as const;
const STRONG_RSA = { privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey };
const HUGE_SERIAL = 2n ** 160n;
const LARGEST_SERIAL = HUGE_SERIAL - 1n;

const LEAF_FAULTS: readonly Fault[] = [
  leafFault('that is a CA', insufficient('LEAF_IS_CA'), [{ basicConstraints: { ca: true } }]),
  leafFault('for key encipherment only', insufficient('DIGITAL_SIGNATURE_MISSING'), [
    { keyUsage: ['keyEncipherment'] },
    { keyUsage: ['keyEncipherment', 'digitalSignature'] },
  ]),
  leafFault('for nonRepudiation only', insufficient('DIGITAL_SIGNATURE_MISSING'), [
    { keyUsage: ['nonRepudiation', 'keyAgreement'] },
  ]),
  leafFault('without key usage', insufficient('DIGITAL_SIGNATURE_MISSING'), [{ keyUsage: 'absent' }]),
  leafFault('of version 1', insufficient('NOT_VERSION_3'), [{ version: 1 }]),
  leafFault('without a subject', insufficient('SUBJECT_EMPTY'), [{ subject: '' }]),
  leafFault('with an alternative name for a subject', insufficient('SUBJECT_EMPTY'), [
    { subject: '', subjectAlternativeName: NAMES },
    { subjectAlternativeName: NAMES },
  ]),
  leafFault('signed with SHA-1', insufficient('SIGNATURE_HASH_WEAK'), [
    { hash: 'SHA-1' },
    { hash: 'SHA-256' },
  ]),
  leafFault('signed with SHA-224', insufficient('SIGNATURE_HASH_WEAK'), [
    { hash: 'SHA-224' },
    { hash: 'SHA-384' },
  ]),
  {
    name: 'a leaf signed with MD5',
    expected: insufficient('SIGNATURE_HASH_WEAK'),
    faulty: () => bent({ intermediate: STRONG_RSA, leaf: { hash: 'MD5' } }),
    mended: () => bent({ intermediate: STRONG_RSA, leaf: { hash: 'SHA-512' } }),
  },
  {
    name: 'a leaf signed with SHA-1 and PSS',
    expected: insufficient('SIGNATURE_HASH_WEAK'),
    faulty: () => bent({ intermediate: STRONG_RSA, leaf: { hash: 'SHA-1', padding: 'PSS' } }),
    mended: () => bent({ intermediate: STRONG_RSA, leaf: { hash: 'SHA-256', padding: 'PSS' } }),
  },
  leafFault('with RSA of 1024 bits', insufficient('KEY_TOO_SMALL'), [rsa(1024), STRONG_RSA]),
  leafFault('with RSA of 2040 bits', insufficient('KEY_TOO_SMALL'), [rsa(2040), STRONG_RSA]),
  leafFault('on secp256k1', invalidSignature('CURVE_UNSUPPORTED'), [
    { keyAlgorithm: { type: 'EC', curve: 'secp256k1' } },
    { keyAlgorithm: { type: 'EC', curve: 'P-521' } },
  ]),
  leafFault('with an Ed25519 key', invalidSignature('KEY_TYPE_UNSUPPORTED'), [
    { keyAlgorithm: { type: 'Ed25519' } },
  ]),
  leafFault('with an RSA-PSS key', invalidSignature('KEY_TYPE_UNSUPPORTED'), [
    { keyAlgorithm: { type: 'RSA-PSS' } },
    STRONG_RSA,
  ]),
  leafFault('with a serial number of 21 octets', insufficient('SERIAL_NUMBER_TOO_LONG'), [
    { serialNumber: HUGE_SERIAL },
    { serialNumber: LARGEST_SERIAL },
  ]),
  leafFault('with an unknown critical extension', insufficient('CRITICAL_EXTENSION_UNKNOWN'), [
    extension(PRIVATE_OID, true),
    extension(PRIVATE_OID, false),
  ]),
  leafFault('with a critical authorityInfoAccess', insufficient('CRITICAL_EXTENSION_UNKNOWN'), [
    extension('1.3.6.1.5.5.7.1.1', true),
    extension('1.3.6.1.5.5.7.1.1', false),
  ]),
  leafFault('that expired a second ago', outOfDate('CERTIFICATE_EXPIRED'), [EXPIRED, LAST_SECOND]),
  leafFault('that is valid in a second', outOfDate('CERTIFICATE_NOT_YET_VALID'), [FUTURE, FIRST_SECOND]),
  leafFault('whose signature is corrupted', untrusted('SIGNATURE_INVALID'), [{ signature: 'corrupted' }]),
  leafFault('signed by a stranger in the name of its CA', untrusted('SIGNATURE_INVALID'), [
    { signingKey: ecKey() },
  ]),
  leafFault('with another issuer name', untrusted('NO_PATH_TO_TRUST_ANCHOR'), [
    { issuerName: 'CN=Elsewhere' },
    { issuerName: 'cn=INTERMEDIATE' },
  ]),
  leafFault('with the key identifier of another CA', untrusted('AUTHORITY_KEY_IDENTIFIER_MISMATCH'), [
    { authorityKeyIdentifier: Uint8Array.of(1, 2, 3) },
    { authorityKeyIdentifier: 'absent' },
  ]),
  {
    name: 'a leaf with the RSA exponent 1, for whose key anyone can sign',
    expected: insufficient('KEY_EXPONENT_WEAK'),
    faulty: () => {
      const privateKey = rsaKeyWithExponentOne();
      return bent({ leaf: { privateKey } }, { request: { privateKey, makeSignature: forgedForExponentOne } });
    },
    mended: () => bent({ leaf: STRONG_RSA }),
  },
];

const CA_FAULTS: readonly Fault[] = [
  caFault('signed with SHA-1', untrusted('SIGNATURE_HASH_WEAK'), [{ hash: 'SHA-1' }, { hash: 'SHA-512' }]),
  caFault('signed with SHA-224', untrusted('SIGNATURE_HASH_WEAK'), [{ hash: 'SHA-224' }]),
  caFault('of version 1', untrusted('NOT_VERSION_3'), [{ version: 1 }]),
  caFault('with CA:FALSE', untrusted('NOT_A_CA'), [
    { basicConstraints: { ca: false } },
    { basicConstraints: { ca: true, critical: false } },
  ]),
  caFault('without basic constraints', untrusted('NOT_A_CA'), [{ basicConstraints: 'absent' }]),
  caFault('without keyCertSign', untrusted('KEY_CERT_SIGN_MISSING'), [
    { keyUsage: ['cRLSign', 'digitalSignature'] },
    { keyUsage: ['keyCertSign'] },
  ]),
  caFault('with RSA of 1024 bits', untrusted('KEY_TOO_SMALL'), [rsa(1024), STRONG_RSA]),
  caFault('on secp256k1', untrusted('CURVE_UNSUPPORTED'), [
    { keyAlgorithm: { type: 'EC', curve: 'secp256k1' } },
    { keyAlgorithm: { type: 'EC', curve: 'P-384' } },
  ]),
  caFault('with an RSA-PSS key', untrusted('KEY_TYPE_UNSUPPORTED'), [
    { keyAlgorithm: { type: 'RSA-PSS' } },
    STRONG_RSA,
  ]),
  caFault('with an Ed25519 key', untrusted('KEY_TYPE_UNSUPPORTED'), [{ keyAlgorithm: { type: 'Ed25519' } }]),
  caFault('with a serial number of 21 octets', untrusted('SERIAL_NUMBER_TOO_LONG'), [
    { serialNumber: HUGE_SERIAL },
    { serialNumber: LARGEST_SERIAL },
  ]),
  caFault('with an unknown critical extension', untrusted('CRITICAL_EXTENSION_UNKNOWN'), [
    extension(PRIVATE_OID, true),
    extension(PRIVATE_OID, false),
  ]),
  caFault('that expired a second ago', outOfDate('CERTIFICATE_EXPIRED'), [EXPIRED, LAST_SECOND]),
  caFault('that is valid in a second', outOfDate('CERTIFICATE_NOT_YET_VALID'), [FUTURE, FIRST_SECOND]),
  caFault('whose signature is corrupted', untrusted('SIGNATURE_INVALID'), [{ signature: 'corrupted' }]),
  caFault('signed by a stranger in the name of the root', untrusted('SIGNATURE_INVALID'), [
    { signingKey: ecKey() },
  ]),
  caFault('with another issuer name', untrusted('NO_PATH_TO_TRUST_ANCHOR'), [{ issuerName: 'CN=Elsewhere' }]),
  caFault('with the key identifier of another root', untrusted('AUTHORITY_KEY_IDENTIFIER_MISMATCH'), [
    { authorityKeyIdentifier: Uint8Array.of(1, 2, 3) },
    { authorityKeyIdentifier: 'absent' },
  ]),
];

const NAME_FAULTS: readonly Fault[] = [
  nameFault(
    'a DNS name outside the permitted ones',
    { permitted: [{ type: 'dns', value: 'example.org' }] },
    { permitted: [{ type: 'dns', value: 'example.com' }] },
  ),
  nameFault(
    'a DNS name inside the excluded ones',
    { excluded: [{ type: 'dns', value: 'example.com' }] },
    { excluded: [{ type: 'dns', value: 'www.example.com' }] },
  ),
  nameFault(
    'an e-mail address of another host',
    { permitted: [{ type: 'email', value: 'example.com' }] },
    { permitted: [{ type: 'email', value: '.example.com' }] },
  ),
  nameFault(
    'a URI of an excluded domain',
    { excluded: [{ type: 'uri', value: '.example.com' }] },
    { excluded: [{ type: 'uri', value: '.example.org' }] },
  ),
  nameFault(
    'an IPv4 address outside the permitted range',
    { permitted: [{ type: 'ip', value: '198.51.100.0/24' }] },
    {
      permitted: [
        { type: 'ip', value: '192.0.2.0/24' },
        { type: 'ip', value: '2001:db8::/32' },
      ],
    },
  ),
  nameFault(
    'an IPv6 address inside the excluded range',
    { excluded: [{ type: 'ip', value: '2001:db8::/32' }] },
    { excluded: [{ type: 'ip', value: '2001:db9::/32' }] },
  ),
  nameFault(
    'a subject outside the permitted directory',
    { permitted: [{ type: 'directoryName', value: 'O=Other' }] },
    { permitted: [{ type: 'directoryName', value: 'O=EXAMPLE' }] },
  ),
  nameFault(
    'a subject inside the excluded directory',
    { excluded: [{ type: 'directoryName', value: 'O=Example' }] },
    { excluded: [{ type: 'directoryName', value: 'O=Example, C=ES' }] },
  ),
  {
    name: 'a leaf with a host name outside the permitted ones, in its common name only',
    expected: untrusted('NAME_CONSTRAINTS_VIOLATED'),
    faulty: () => hostNamed('host.example.org'),
    mended: () => hostNamed('host.example.com'),
  },
  {
    name: 'a leaf with a DNS name outside what the trust anchor permits',
    expected: untrusted('NAME_CONSTRAINTS_VIOLATED'),
    faulty: () => belowConstrainedRoot('example.org'),
    mended: () => belowConstrainedRoot('example.com'),
  },
  {
    name: 'an intermediate with a subject outside what the trust anchor permits',
    expected: untrusted('NAME_CONSTRAINTS_VIOLATED'),
    faulty: () => belowDirectoryRoot('CN=Intermediate'),
    mended: () => belowDirectoryRoot('CN=Intermediate, O=Example'),
  },
];

const PATH_FAULTS: readonly Fault[] = [
  {
    name: 'a missing intermediate',
    expected: untrusted('NO_PATH_TO_TRUST_ANCHOR'),
    faulty: () => bent({}, { chain: [] }),
    mended: plain,
  },
  {
    name: 'the root in place of the intermediate',
    expected: untrusted('NO_PATH_TO_TRUST_ANCHOR'),
    faulty: async () => {
      const scene = await plain();
      return { ...scene, chain: [scene.anchor] };
    },
    mended: plain,
  },
  {
    name: 'a namesake of the intermediate in its place',
    expected: untrusted('NO_PATH_TO_TRUST_ANCHOR'),
    faulty: async () => ({ ...(await plain()), chain: [await issueTestAuthority('CN=Intermediate')] }),
    mended: plain,
  },
  {
    name: 'a namesake of the intermediate in its place, without key identifiers',
    expected: untrusted('SIGNATURE_INVALID'),
    faulty: async () => {
      const scene = await bent({ leaf: { authorityKeyIdentifier: 'absent' } });
      return { ...scene, chain: [await issueTestAuthority('CN=Intermediate', { issuer: scene.anchor })] };
    },
    mended: () => bent({ leaf: { authorityKeyIdentifier: 'absent' } }),
  },
  {
    name: 'a trust anchor whose path length is too short',
    expected: untrusted('PATH_LENGTH_EXCEEDED'),
    faulty: () => bent({ root: { pathLength: 0 } }),
    mended: () => bent({ root: { pathLength: 1 } }),
  },
  {
    name: 'an intermediate whose path length is too short',
    expected: untrusted('PATH_LENGTH_EXCEEDED'),
    faulty: () => belowTwoIntermediates(0),
    mended: () => belowTwoIntermediates(1),
  },
  {
    name: 'a leaf of a foreign CA',
    expected: untrusted('NO_PATH_TO_TRUST_ANCHOR'),
    faulty: async () => ({ ...(await plain()), anchor: await issueTestAuthority('CN=Foreign') }),
    mended: plain,
  },
  {
    name: 'a leaf of a foreign CA that is sent along',
    expected: untrusted('NO_PATH_TO_TRUST_ANCHOR'),
    faulty: async () => {
      const { root, intermediate, leaf } = await issueTestChain();
      return { anchor: await issueTestAuthority('CN=Foreign'), leaf, chain: [intermediate, root] };
    },
    mended: plain,
  },
  {
    name: 'a leaf of a foreign CA of the same name',
    expected: untrusted('NO_PATH_TO_TRUST_ANCHOR'),
    faulty: async () => ({ ...(await plain()), anchor: await issueTestAuthority('CN=Root') }),
    mended: plain,
  },
  {
    name: 'a self-signed leaf',
    expected: untrusted('NO_PATH_TO_TRUST_ANCHOR'),
    faulty: async () => {
      const privateKey = ecKey();
      const self = await issueTestAuthority('CN=server-1, O=Example', { privateKey });
      return { ...(await plain()), leaf: await issueTestLeaf(self, { privateKey }) };
    },
    mended: plain,
  },
  {
    name: 'a leaf below a leaf',
    expected: untrusted('NOT_A_CA'),
    faulty: async () => {
      const { root, intermediate, leaf } = await issueTestChain();
      const below = await issueTestLeaf(leaf, { subject: 'CN=below', privateKey: ecKey() });
      return { anchor: root, leaf: below, chain: [leaf, intermediate] };
    },
    mended: plain,
  },
  {
    name: 'the trust anchor itself for a leaf',
    expected: untrusted('LEAF_IS_TRUST_ANCHOR'),
    faulty: async () => {
      const { root } = await issueTestChain({ root: { keyUsage: ['keyCertSign', 'digitalSignature'] } });
      return { anchor: root, leaf: root, chain: [] };
    },
    mended: () => bent({ root: { keyUsage: ['keyCertSign', 'digitalSignature'] } }),
  },
  {
    name: 'a loop of two CAs that certify each other',
    expected: untrusted('NO_PATH_TO_TRUST_ANCHOR'),
    faulty: async () => ({ ...(await loop()), anchor: await issueTestAuthority('CN=Root') }),
    mended: loop,
  },
  {
    name: 'a trust anchor that has expired since it was registered',
    expected: outOfDate('CERTIFICATE_EXPIRED'),
    faulty: () => bent({ root: EXPIRED }, { registeredAt: NOT_BEFORE }),
    mended: () => bent({ root: LAST_SECOND }, { registeredAt: NOT_BEFORE }),
  },
  {
    name: 'a trust anchor that is not valid any more by a clock set back',
    expected: outOfDate('CERTIFICATE_NOT_YET_VALID'),
    faulty: () => bent({ root: FUTURE }, { registeredAt: NOT_AFTER }),
    mended: () => bent({ root: FIRST_SECOND }, { registeredAt: NOT_AFTER }),
  },
  {
    name: 'a leaf on the list of the trust anchor',
    expected: REVOKED,
    faulty: () => listed(({ leaf }) => leaf.certificate.serialNumber),
    mended: () => listed(({ leaf }) => leaf.certificate.serialNumber + 1n),
  },
  {
    name: 'an intermediate on the list of the trust anchor',
    expected: REVOKED,
    faulty: async () => {
      const scene = await plain();
      return { ...scene, revoked: scene.chain.map(({ certificate }) => certificate.serialNumber) };
    },
    mended: async () => {
      const scene = await plain();
      return { ...scene, revoked: [scene.leaf.certificate.serialNumber] };
    },
  },
];

const PURPOSE_FAULTS: readonly Fault[] = (
  [
    ['for servers only', ['serverAuth'], ['serverAuth', 'clientAuth']],
    ['for code signing only', ['codeSigning'], ['any']],
    ['for no purpose in particular', 'absent', ['clientAuth']],
  ] as const
).map(([name, faulty, mended]) => ({
  name: `a leaf ${name}, where clientAuth is required`,
  expected: insufficient('CLIENT_AUTH_MISSING'),
  faulty: () => bent({ leaf: { extendedKeyUsage: faulty } }, { world: { requireClientAuthEku: true } }),
  mended: () => bent({ leaf: { extendedKeyUsage: mended } }, { world: { requireClientAuthEku: true } }),
}));

const UNREADABLE: readonly (readonly [name: string, header: (leaf: IssuedCertificate) => string])[] = [
  ['with an octet after its end', ({ certificate }) => base64(certificate.der, Uint8Array.of(0))],
  ['without its last octet', ({ certificate }) => base64(certificate.der.subarray(0, -1))],
  ['twice in one header', ({ certificate }) => base64(certificate.der, certificate.der)],
  [
    'of indefinite length',
    ({ certificate }) => base64(Uint8Array.of(0x30, 0x80), certificate.der.subarray(4)),
  ],
  ['that is its part to be signed alone', ({ certificate }) => base64(certificate.tbs)],
  ['that is a public key', ({ certificate }) => base64(certificate.publicKey.spki)],
  [
    'in PEM with the label of a request',
    ({ certificatePem }) => pemAs('CERTIFICATE REQUEST', certificatePem),
  ],
  ['in PEM without an end line', ({ certificatePem }) => base64(Buffer.from(certificatePem.slice(0, -12)))],
  ['in base64 of its base64', ({ certificatePem }) => base64(Buffer.from(derBase64(certificatePem)))],
  ['in base64 on two lines', ({ certificatePem }) => derBase64(certificatePem).replace(/(.{64})/, '$1 ')],
];

const FAULTS: readonly Fault[] = [
  ...LEAF_FAULTS,
  ...CA_FAULTS,
  ...NAME_FAULTS,
  ...PATH_FAULTS,
  ...PURPOSE_FAULTS,
  ...UNREADABLE.map(([name, header]) => ({
    name: `a leaf ${name}`,
    expected: invalidSignature('CERTIFICATE_HEADER_MALFORMED'),
    faulty: async () => {
      const scene = await plain();
      return { ...scene, request: { certificateHeader: header(scene.leaf) } };
    },
    mended: plain,
  })),
  ...UNREADABLE.map(([name, header]) => ({
    name: `an intermediate ${name}`,
    expected: denied('CHAIN_MALFORMED', 'Untrusted signing certificate'),
    faulty: async () => {
      const scene = await plain();
      return { ...scene, request: { chainHeader: scene.chain.map(header).join() } };
    },
    mended: plain,
  })),
];

async function judgeScene(scene: Scene) {
  let now = scene.registeredAt ?? TEST_DATE;
  const certificates = { root: scene.anchor, leaf: scene.leaf };
  const service = createTestWorld({ certificates, clock: () => now, ...scene.world });
  now = TEST_DATE;
  if (scene.revoked !== undefined) {
    const { crlPem: crl } = await issueCertificateRevocationList({
      issuer: scene.anchor,
      revoked: scene.revoked.map((serialNumber) => ({ serialNumber })),
      thisUpdate: NOT_BEFORE,
      nextUpdate: NOT_AFTER,
    });
    service.emulator.importCrl({ trustAnchorArn: service.trustAnchorArn, crl });
  }
  const chain = scene.chain.map(({ certificatePem }) => certificatePem);
  const request = service.sign({ ...(chain.length > 0 && { chain }), ...scene.request });
  const judged = await sendAndJudge(service, request);
  return { judged, findings: service.verdicts[0]?.findings };
}

describe('a faulty certificate or chain is refused for its own reason, and accepted without the fault', () => {
  test.each(FAULTS)('$name: $expected.reason', async ({ expected, faulty, mended }) => {
    expect(await judgeScene(await faulty())).toEqual({ judged: expected, findings: [] });
    expect(await judgeScene(await mended())).toEqual({ judged: ACCEPTED, findings: [] });
  });
});

const ANCHOR_TEXT = 'Incorrect basic constraints for CA certificate';

describe('a faulty CA certificate does not become a trust anchor', () => {
  test.each<[string, string | RegExp, Authority]>([
    ['CA:FALSE', ANCHOR_TEXT, { basicConstraints: { ca: false } }],
    ['no basic constraints', ANCHOR_TEXT, { basicConstraints: 'absent' }],
    ['no keyCertSign', ANCHOR_TEXT, { keyUsage: ['cRLSign'] }],
    ['no key usage', ANCHOR_TEXT, { keyUsage: 'absent' }],
    ['version 1', /is of version 1/, { version: 1 }],
    ['SHA-1', /is signed with ECDSA-SHA1/, { hash: 'SHA-1' }],
    ['RSA of 1024 bits', /has 1024 bits/, rsa(1024)],
    ['the curve secp256k1', /is on the curve/, { keyAlgorithm: { type: 'EC', curve: 'secp256k1' } }],
    ['an RSA-PSS key', /of a type the service does not take/, { keyAlgorithm: { type: 'RSA-PSS' } }],
    ['a serial number of 21 octets', /more than 20 octets/, { serialNumber: HUGE_SERIAL }],
    ['an unknown critical extension', /critical extensions/, extension(PRIVATE_OID, true)],
    ['an end in the past', /expired at/, EXPIRED],
    ['a beginning in the future', /is valid from/, FUTURE],
  ])('with %s', async (_, text, fault) => {
    const { anchor, leaf } = await plain();
    const { emulator } = createTestWorld({ certificates: { root: anchor, leaf } });
    const registerWith = async (init: Authority) => {
      const { certificatePem: certificates } = await issueTestAuthority('CN=Other', init);
      return emulator.createTrustAnchor({ name: 'other', certificates });
    };
    await expect(registerWith(fault)).rejects.toThrow(text);
    await expect(registerWith({})).resolves.toMatchObject({ enabled: true });
  });
});

describe('the text of an out-of-date certificate', () => {
  test('is marked as the words of the emulator', async () => {
    const { anchor, leaf, chain } = await bent({ leaf: EXPIRED });
    const service = createTestWorld({ certificates: { root: anchor, leaf } });
    await service.emulator.handle(service.sign({ chain: chain.map(({ certificatePem }) => certificatePem) }));
    expect(service.verdicts[0]).toMatchObject({ emulatorText: true });
  });
});

describe('revocation', () => {
  test('a listed certificate is refused as long as the list is enabled', async () => {
    const { anchor, leaf, revoked = [] } = await listed((scene) => scene.leaf.certificate.serialNumber);
    const service = createTestWorld({ certificates: { root: anchor, leaf } });
    const { crlPem: crl } = await issueCertificateRevocationList({
      issuer: anchor,
      revoked: revoked.map((serialNumber) => ({ serialNumber, reason: 'certificateHold' })),
      thisUpdate: NOT_BEFORE,
      nextUpdate: NOT_AFTER,
    });
    const judge = () => sendAndJudge(service, service.sign());
    const { crlArn } = service.emulator.importCrl({ trustAnchorArn: service.trustAnchorArn, crl });
    expect(await judge()).toEqual(REVOKED);
    service.emulator.disableCrl(crlArn);
    expect(await judge()).toEqual(ACCEPTED);
    service.emulator.enableCrl(crlArn);
    expect(await judge()).toEqual(REVOKED);
    service.emulator.deleteCrl(crlArn);
    expect(await judge()).toEqual(ACCEPTED);
  });
});

describe('extended key usage', () => {
  test('without clientAuth it is a warning where it is not required', async () => {
    expect(await judgeScene(await bent({ leaf: { extendedKeyUsage: ['serverAuth'] } }))).toEqual({
      judged: ACCEPTED,
      findings: [{ code: 'CLIENT_AUTH_MISSING', message: expect.any(String) }],
    });
  });
});

/** A leaf that the trust anchor issued itself, and a list with one serial number. */
async function listed(serialOf: (scene: Scene) => bigint): Promise<Scene> {
  const { root } = await issueTestChain();
  const scene: Scene = { anchor: root, leaf: await issueTestLeaf(root), chain: [] };
  return { ...scene, revoked: [serialOf(scene)] };
}

function hostNamed(commonName: string): Promise<Scene> {
  return bent({
    leaf: { subject: `CN=${commonName}` },
    intermediate: { nameConstraints: { permitted: [{ type: 'dns', value: 'example.com' }] } },
  });
}

function belowConstrainedRoot(permitted: string): Promise<Scene> {
  return bent({
    leaf: { subjectAlternativeName: NAMES },
    root: { nameConstraints: { permitted: [{ type: 'dns', value: permitted }] } },
  });
}

function belowDirectoryRoot(subject: string): Promise<Scene> {
  const permitted = [{ type: 'directoryName', value: 'O=Example' }] as const;
  return bent({ root: { nameConstraints: { permitted } }, intermediate: { subject } });
}

async function belowTwoIntermediates(pathLength: number): Promise<Scene> {
  const { root, intermediate } = await issueTestChain({ intermediate: { pathLength } });
  const lower = await issueTestAuthority('CN=Lower', { issuer: intermediate });
  return { anchor: root, leaf: await issueTestLeaf(lower), chain: [intermediate, lower] };
}

/** The anchor is one of the two; the chain is their certificates by each other. */
async function loop(): Promise<Scene> {
  const [keyA, keyB] = [ecKey(), ecKey()];
  const a = await issueTestAuthority('CN=A', { privateKey: keyA });
  const b = await issueTestAuthority('CN=B', { privateKey: keyB });
  const aByB = await issueTestAuthority('CN=A', { issuer: b, privateKey: keyA });
  const bByA = await issueTestAuthority('CN=B', { issuer: a, privateKey: keyB });
  return { anchor: b, leaf: await issueTestLeaf(a), chain: [aByB, bByA] };
}

function base64(...parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('base64');
}

function pemAs(label: string, pem: string): string {
  return base64(Buffer.from(pem.replaceAll('CERTIFICATE', label)));
}

function rsaKeyWithExponentOne(): KeyObject {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return createPrivateKey({ key: { ...privateKey.export({ format: 'jwk' }), e: 'AQ' }, format: 'jwk' });
}

/** With the exponent 1 the padded hash is its own signature (RFC 8017 section 9.2). */
function forgedForExponentOne(message: Buffer): Buffer {
  const hash = createHash('sha256').update(message).digest();
  const info = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), hash]);
  return Buffer.concat([Buffer.of(0, 1), Buffer.alloc(253 - info.length, 0xff), Buffer.of(0), info]);
}
