import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import type {
  FindingGroup,
  IssueCertificateAuthorityInit,
  IssueCertificateInit,
  IssuedCertificate,
} from '../../src/index.js';
import { authority, codesOf, ecKey, judge, leafOf } from '../test-authorities.js';

interface Chain {
  readonly leaf: IssuedCertificate;
  readonly pool: readonly IssuedCertificate[];
  readonly anchor: IssuedCertificate;
}

interface Fault {
  readonly name: string;
  readonly code: string;
  readonly group: FindingGroup;
  readonly chain: () => Promise<Chain>;
}

const OLD = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') };
const NEW = { notBefore: new Date('2040-01-01T00:00:00Z'), notAfter: new Date('2041-01-01T00:00:00Z') };
const UNKNOWN_EXTENSION = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: Uint8Array.of(5, 0) };
const LONG_SERIAL_NUMBER = 2n ** 160n;
const RSA_1024 = { type: 'RSA', modulusLength: 1024 } as const;

/** Only its public half is of use. `e` in base64url. */
function rsaKeyWithExponent(e: string): KeyObject {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return createPrivateKey({ key: { ...privateKey.export({ format: 'jwk' }), e }, format: 'jwk' });
}

/** Root, intermediate, leaf; each can be bent. */
async function chain(bend: {
  readonly leaf?: Partial<IssueCertificateInit>;
  readonly intermediate?: Partial<IssueCertificateAuthorityInit>;
  readonly root?: Partial<IssueCertificateAuthorityInit>;
}): Promise<Chain> {
  const anchor = await authority('CN=Root', bend.root);
  const intermediate = await authority('CN=Intermediate', { issuer: anchor, ...bend.intermediate });
  return { leaf: await leafOf(intermediate, bend.leaf), pool: [intermediate], anchor };
}

function leafFault(name: string, code: string, leaf: Partial<IssueCertificateInit>): Fault {
  return { name, code, group: 'endEntity', chain: () => chain({ leaf }) };
}

function caFault(name: string, code: string, intermediate: Partial<IssueCertificateAuthorityInit>): Fault {
  return { name, code, group: 'path', chain: () => chain({ intermediate }) };
}

function constraintFault(name: string, constraints: IssueCertificateAuthorityInit['nameConstraints']): Fault {
  const leaf: Partial<IssueCertificateInit> = {
    subjectAlternativeName: [
      { type: 'dns', value: 'host.example.com' },
      { type: 'email', value: 'user@mail.example.com' },
      { type: 'uri', value: 'spiffe://trust.example.com/service' },
      { type: 'ip', value: '192.0.2.7' },
      { type: 'ip', value: '2001:db8::7' },
    ],
  };
  const intermediate = constraints === undefined ? {} : { nameConstraints: constraints };
  return {
    name,
    code: 'NAME_CONSTRAINTS_VIOLATED',
    group: 'path',
    chain: () => chain({ leaf, intermediate }),
  };
}

const FAULTS: readonly Fault[] = [
  leafFault('a version 1 leaf', 'NOT_VERSION_3', { version: 1 }),
  leafFault('a leaf that is a CA', 'LEAF_IS_CA', { basicConstraints: { ca: true } }),
  leafFault('a leaf without key usage', 'DIGITAL_SIGNATURE_MISSING', { keyUsage: 'absent' }),
  leafFault('a leaf for key encipherment only', 'DIGITAL_SIGNATURE_MISSING', {
    keyUsage: ['keyEncipherment'],
  }),
  leafFault('a leaf without a subject', 'SUBJECT_EMPTY', { subject: '' }),
  leafFault('a leaf with RSA of 1024 bits', 'KEY_TOO_SMALL', { keyAlgorithm: RSA_1024 }),
  leafFault('a leaf with the RSA exponent 1', 'KEY_EXPONENT_WEAK', { privateKey: rsaKeyWithExponent('AQ') }),
  leafFault('a leaf with an even RSA exponent', 'KEY_EXPONENT_WEAK', {
    privateKey: rsaKeyWithExponent('BA'),
  }),
  leafFault('a leaf on secp256k1', 'CURVE_UNSUPPORTED', { keyAlgorithm: { type: 'EC', curve: 'secp256k1' } }),
  leafFault('a leaf with an RSA-PSS key', 'KEY_TYPE_UNSUPPORTED', { keyAlgorithm: { type: 'RSA-PSS' } }),
  leafFault('a leaf with an Ed25519 key', 'KEY_TYPE_UNSUPPORTED', { keyAlgorithm: { type: 'Ed25519' } }),
  leafFault('a leaf signed with SHA-1', 'SIGNATURE_HASH_WEAK', { hash: 'SHA-1' }),
  leafFault('a leaf signed with SHA-224', 'SIGNATURE_HASH_WEAK', { hash: 'SHA-224' }),
  leafFault('a leaf with a serial number of 21 octets', 'SERIAL_NUMBER_TOO_LONG', {
    serialNumber: LONG_SERIAL_NUMBER,
  }),
  leafFault('a leaf with an unknown critical extension', 'CRITICAL_EXTENSION_UNKNOWN', {
    extensions: [UNKNOWN_EXTENSION],
  }),
  {
    name: 'a leaf signed with MD5',
    code: 'SIGNATURE_HASH_WEAK',
    group: 'endEntity',
    chain: () => chain({ intermediate: { keyAlgorithm: { type: 'RSA' } }, leaf: { hash: 'MD5' } }),
  },
  {
    name: 'a leaf signed by an Ed25519 CA',
    code: 'SIGNATURE_HASH_WEAK',
    group: 'endEntity',
    chain: async () => {
      const anchor = await authority('CN=Root', { keyAlgorithm: { type: 'Ed25519' } });
      return { leaf: await leafOf(anchor), pool: [], anchor };
    },
  },
  caFault('an intermediate signed with SHA-1', 'SIGNATURE_HASH_WEAK', { hash: 'SHA-1' }),
  caFault('a version 1 intermediate', 'NOT_VERSION_3', { version: 1 }),
  caFault('an intermediate with CA:FALSE', 'NOT_A_CA', { basicConstraints: { ca: false } }),
  caFault('an intermediate without basic constraints', 'NOT_A_CA', { basicConstraints: 'absent' }),
  caFault('an intermediate without keyCertSign', 'KEY_CERT_SIGN_MISSING', { keyUsage: ['cRLSign'] }),
  caFault('an intermediate with RSA of 1024 bits', 'KEY_TOO_SMALL', { keyAlgorithm: RSA_1024 }),
  caFault('an intermediate with an unknown critical extension', 'CRITICAL_EXTENSION_UNKNOWN', {
    extensions: [UNKNOWN_EXTENSION],
  }),
  caFault('an intermediate with a corrupted signature', 'SIGNATURE_INVALID', { signature: 'corrupted' }),
  caFault('an intermediate signed by a stranger in the name of the root', 'SIGNATURE_INVALID', {
    signingKey: ecKey(),
  }),
  caFault('an intermediate with another issuer name', 'NO_PATH_TO_TRUST_ANCHOR', {
    issuerName: 'CN=Elsewhere',
  }),
  caFault('an intermediate with another key identifier of its issuer', 'AUTHORITY_KEY_IDENTIFIER_MISMATCH', {
    authorityKeyIdentifier: Uint8Array.of(1, 2, 3),
  }),
  {
    name: 'a corrupted leaf',
    code: 'SIGNATURE_INVALID',
    group: 'path',
    chain: () => chain({ leaf: { signature: 'corrupted' } }),
  },
  {
    name: 'a root whose path length is too short',
    code: 'PATH_LENGTH_EXCEEDED',
    group: 'path',
    chain: () => chain({ root: { pathLength: 0 } }),
  },
  {
    name: 'an anchor without keyCertSign',
    code: 'KEY_CERT_SIGN_MISSING',
    group: 'path',
    chain: () => chain({ root: { keyUsage: ['digitalSignature'] } }),
  },
  {
    name: 'an anchor that is no CA',
    code: 'NOT_A_CA',
    group: 'path',
    chain: () => chain({ root: { basicConstraints: { ca: false } } }),
  },
  {
    name: 'a missing intermediate',
    code: 'NO_PATH_TO_TRUST_ANCHOR',
    group: 'path',
    chain: async () => ({ ...(await chain({})), pool: [] }),
  },
  {
    name: 'a foreign CA',
    code: 'NO_PATH_TO_TRUST_ANCHOR',
    group: 'path',
    chain: async () => ({ ...(await chain({})), anchor: await authority('CN=Other root') }),
  },
  {
    name: 'a foreign CA of the same name',
    code: 'NO_PATH_TO_TRUST_ANCHOR',
    group: 'path',
    chain: async () => ({ ...(await chain({})), anchor: await authority('CN=Root') }),
  },
  {
    name: 'a self-signed leaf',
    code: 'NO_PATH_TO_TRUST_ANCHOR',
    group: 'path',
    chain: async () => {
      const privateKey = ecKey();
      const self = await leafOf(await authority('CN=server, O=Example', { privateKey }), { privateKey });
      return { leaf: self, pool: [], anchor: await authority('CN=Root') };
    },
  },
  {
    name: 'an expired leaf',
    code: 'CERTIFICATE_EXPIRED',
    group: 'validity',
    chain: () => chain({ leaf: OLD }),
  },
  {
    name: 'a leaf of the future',
    code: 'CERTIFICATE_NOT_YET_VALID',
    group: 'validity',
    chain: () => chain({ leaf: NEW }),
  },
  {
    name: 'an expired intermediate',
    code: 'CERTIFICATE_EXPIRED',
    group: 'validity',
    chain: () => chain({ intermediate: OLD }),
  },
  {
    name: 'an expired anchor',
    code: 'CERTIFICATE_EXPIRED',
    group: 'validity',
    chain: () => chain({ root: OLD }),
  },
  {
    name: 'an anchor of the future',
    code: 'CERTIFICATE_NOT_YET_VALID',
    group: 'validity',
    chain: () => chain({ root: NEW }),
  },
  {
    name: 'a host name outside the permitted ones, in the common name only',
    code: 'NAME_CONSTRAINTS_VIOLATED',
    group: 'path',
    chain: () =>
      chain({
        leaf: { subject: 'CN=host.example.org' },
        intermediate: { nameConstraints: { permitted: [{ type: 'dns', value: 'example.com' }] } },
      }),
  },
  constraintFault('a DNS name outside the permitted ones', {
    permitted: [{ type: 'dns', value: 'example.org' }],
  }),
  constraintFault('a DNS name inside the excluded ones', {
    excluded: [{ type: 'dns', value: 'example.com' }],
  }),
  constraintFault('a directory name outside the permitted ones', {
    permitted: [{ type: 'directoryName', value: 'O=Other' }],
  }),
  constraintFault('a directory name inside the excluded ones', {
    excluded: [{ type: 'directoryName', value: 'O=EXAMPLE' }],
  }),
  constraintFault('an e-mail address of another host', {
    permitted: [{ type: 'email', value: 'example.com' }],
  }),
  constraintFault('a URI of an excluded domain', { excluded: [{ type: 'uri', value: '.example.com' }] }),
  constraintFault('an IPv4 address outside the permitted range', {
    permitted: [{ type: 'ip', value: '198.51.100.0/24' }],
  }),
  constraintFault('an IPv6 address inside the excluded range', {
    excluded: [{ type: 'ip', value: '2001:db8::/32' }],
  }),
];

describe('each fault is refused for its own reason and no other', () => {
  test.each(FAULTS)('$name: $code', async ({ code, group, chain: make }) => {
    const { leaf, pool, anchor } = await make();
    const verdict = judge({ leaf, pool, anchors: [anchor] });
    expect(codesOf(verdict)).toEqual([code]);
    expect(new Set(verdict.findings.map((finding) => finding.group))).toEqual(new Set([group]));
    expect(verdict.accepted).toBe(false);
  });

  test.each([
    ['a common name of one label', { subject: 'CN=server' }],
    ['a common name that is no host name', { subject: 'CN=server one.example' }],
    [
      'a common name beside a DNS name',
      {
        subject: 'CN=host.example.org',
        subjectAlternativeName: [{ type: 'dns', value: 'a.example.com' }],
      } as const,
    ],
  ])('%s is not held against DNS constraints', async (_, bend) => {
    const constraints = { permitted: [{ type: 'dns', value: 'example.com' }] } as const;
    const { leaf, pool, anchor } = await chain({
      leaf: bend,
      intermediate: { nameConstraints: constraints },
    });
    expect(judge({ leaf, pool, anchors: [anchor] })).toMatchObject({ accepted: true, findings: [] });
  });

  test('the same chain without a fault is accepted without a finding', async () => {
    const { leaf, pool, anchor } = await chain({});
    const verdict = judge({ leaf, pool, anchors: [anchor] });
    expect(verdict).toMatchObject({ accepted: true, findings: [] });
    expect(verdict.path.map(({ subject }) => subject.text)).toEqual([
      'CN=server,O=Example',
      'CN=Intermediate',
      'CN=Root',
    ]);
  });
});
