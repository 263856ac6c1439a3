import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  judgePath,
  judgeTrustAnchor,
  parseCertificate,
  parseCertificateRevocationList,
  type Certificate,
  type JudgePathInput,
} from '../../src/index.js';
import { codesOf } from '../test-authorities.js';
import { hasOpenssl, openWorkshop } from './openssl.js';

const workshop = openWorkshop();
afterAll(() => workshop.remove());

/** Old and new spellings of the sections of `openssl ca`. */
const CONFIGURATION = `
[req]
distinguished_name = name
prompt = no
utf8 = yes
string_mask = utf8only
[name]
C = ES
O = Ejemplo ñandú
CN = Default
[ca]
default_ca = authority
[authority]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
default_md = sha256
default_days = 30
default_crl_days = 30
policy = anything
unique_subject = no
[anything]
commonName = supplied
organizationName = optional
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always,issuer:always
[intermediate]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
nameConstraints = critical,permitted;dirName:permitted,excluded;DNS:bad.example
certificatePolicies = 1.2.3.4
[permitted]
O = Example
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid,issuer
subjectAltName = DNS:host.example,IP:192.0.2.1,URI:spiffe://example/a,email:u@example.com,RID:1.2.3,otherName:1.2.3;UTF8:x
[crl]
authorityKeyIdentifier = keyid:always
`;

const file = (name: string): Buffer => readFileSync(join(workshop.folder, name));
const certificate = (name: string): Certificate => parseCertificate(file(name));

function selfSigned(name: string, ...options: string[]): Certificate {
  workshop.openssl(
    'req',
    '-x509',
    '-config',
    'openssl.cnf',
    '-extensions',
    'root',
    '-nodes',
    '-days',
    '30',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    ...options,
  );
  return certificate(`${name}.pem`);
}

function request(name: string, subject: string, ...options: string[]): void {
  workshop.openssl(
    'req',
    '-new',
    '-config',
    'openssl.cnf',
    '-nodes',
    '-subj',
    subject,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    ...options,
  );
}

function signedBy(issuer: string, name: string, ...options: string[]): Certificate {
  workshop.openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${issuer}.pem`,
    '-CAkey',
    `${issuer}.key`,
    '-CAcreateserial',
    '-days',
    '20',
    '-out',
    `${name}.pem`,
    ...options,
  );
  return certificate(`${name}.pem`);
}

const extensionsOf = (section: string): string[] => ['-extfile', 'openssl.cnf', '-extensions', section];

function judge(leaf: Certificate, more: Partial<JudgePathInput>): string[] {
  return codesOf(judgePath({ leaf, candidates: [], trustAnchors: [], at: new Date(), ...more }));
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

(hasOpenssl() ? describe : describe.skip)('what openssl issues is read and judged here', () => {
  beforeAll(() => {
    workshop.write('openssl.cnf', CONFIGURATION);
    workshop.write('index.txt', '');
    workshop.write('serial', 'F0AA');
    workshop.write('crlnumber', '01');
    selfSigned('root', '-subj', '/O=Example/CN=Root', ...EC);
    request('intermediate', '/O=Example/CN=Intermediate', '-newkey', 'rsa:2048');
    signedBy('root', 'intermediate', ...extensionsOf('intermediate'));
    request('leaf', '/O=Example/CN=server', ...EC);
    signedBy('intermediate', 'leaf', ...extensionsOf('leaf'), '-sha384');
  });

  test('a chain of openssl x509 -req with an intermediate and name constraints is accepted', () => {
    const [root, intermediate, leaf] = ['root', 'intermediate', 'leaf'].map((name) =>
      certificate(`${name}.pem`),
    );
    if (root === undefined || intermediate === undefined || leaf === undefined) throw new Error('unread');
    expect(judge(leaf, { candidates: [intermediate], trustAnchors: [root] })).toEqual([]);
    expect(judgeTrustAnchor(root, new Date())).toEqual([]);
    expect(intermediate.nameConstraints).toMatchObject({
      permitted: [{ base: { type: 'directoryName', value: 'O=Example' } }],
      excluded: [{ base: { type: 'dns', value: 'bad.example' } }],
    });
    expect(leaf.subjectAlternativeName.map(({ type }) => type)).toEqual([
      'dns',
      'ip',
      'uri',
      'email',
      'other',
      'other',
    ]);
  });

  test.each([
    ['RSA 2048', ['-newkey', 'rsa:2048'], []],
    [
      'RSA with PSS',
      ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:-1'],
      [],
    ],
    [
      'RSA with PSS, the largest salt',
      ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:max'],
      [],
    ],
    ['P-384', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha384'], []],
    ['P-521', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha512'], []],
    ['SHA-1', [...EC, '-sha1'], ['SIGNATURE_HASH_WEAK']],
    ['MD5', ['-newkey', 'rsa:2048', '-md5'], ['SIGNATURE_HASH_WEAK']],
    ['Ed25519', ['-newkey', 'ed25519'], ['SIGNATURE_HASH_WEAK', 'KEY_TYPE_UNSUPPORTED']],
    ['explicit curve parameters', [...EC, '-pkeyopt', 'ec_param_enc:explicit'], ['CURVE_UNSUPPORTED']],
    ['RSA 1024', ['-newkey', 'rsa:1024'], ['KEY_TOO_SMALL']],
  ])('a self-signed CA with %s', (_, options, codes) => {
    const root = selfSigned('one', ...options);
    expect(codesOf({ findings: judgeTrustAnchor(root, new Date()) })).toEqual(codes);
    request('client', '/CN=client', ...EC);
    const leaf = signedBy('one', 'client', ...extensionsOf('leaf'));
    // Ed25519 signs the leaf too; explicit parameters are not a key that anything is verified with.
    const ofLeaf = { Ed25519: ['SIGNATURE_HASH_WEAK'], 'explicit curve parameters': ['SIGNATURE_INVALID'] };
    expect(judge(leaf, { trustAnchors: [root] })).toEqual(
      Object.entries(ofLeaf).find(([name]) => name === _)?.[1] ?? [],
    );
  });

  test('the text of a subject is that of openssl -nameopt RFC2253', () => {
    for (const subject of [
      '/C=ES/O=a, b + c/CN= x #1 ',
      '/O=ñandú/OU=x+UID=y/CN="q"<>;',
      '/DC=org/DC=example/serialNumber=7/CN=a=b',
    ]) {
      request('named', subject, '-utf8', '-multivalue-rdn', ...EC);
      workshop.openssl('x509', '-req', '-in', 'named.csr', '-signkey', 'named.key', '-out', 'named.pem');
      const printed = workshop.openssl(
        'x509',
        '-in',
        'named.pem',
        '-noout',
        '-subject',
        '-nameopt',
        'RFC2253,utf8,-esc_msb',
      );
      expect(certificate('named.pem').subject.text).toBe(printed.replace(/^subject=/, '').trimEnd());
    }
  });

  test('a version 1 certificate, which openssl x509 -req makes without an extension file', () => {
    request('old', '/CN=old', ...EC);
    const old = signedBy('root', 'old');
    expect(old.version).toBe(1);
    expect(judge(old, { trustAnchors: [certificate('root.pem')] })).toEqual(['NOT_VERSION_3']);
  });

  test('openssl ca: a serial number with the high bit, a revocation, and its list', () => {
    request('revoked', '/O=Example/CN=revoked', ...EC);
    const ca = [
      'ca',
      '-config',
      'openssl.cnf',
      '-batch',
      '-notext',
      '-cert',
      'root.pem',
      '-keyfile',
      'root.key',
    ];
    workshop.openssl(...ca, '-in', 'revoked.csr', '-out', 'revoked.pem', '-extensions', 'leaf');
    workshop.openssl(...ca, '-revoke', 'revoked.pem', '-crl_reason', 'keyCompromise');
    workshop.openssl(...ca, '-gencrl', '-crlexts', 'crl', '-out', 'root.crl');
    const crl = parseCertificateRevocationList(file('root.crl'));
    const leaf = certificate('revoked.pem');
    expect(leaf.serialNumber).toBe(0xf0aan);
    expect(crl.revoked).toMatchObject([{ serialNumber: 0xf0aan, reason: 'keyCompromise' }]);
    expect(judge(leaf, { trustAnchors: [certificate('root.pem')] })).toEqual([]);
    expect(judge(leaf, { trustAnchors: [certificate('root.pem')], revocationLists: [crl] })).toEqual([
      'CERTIFICATE_REVOKED',
    ]);
  });

  test.each([
    'subjectKeyIdentifier',
    'authorityKeyIdentifier',
    'certificatePolicies',
    'crlDistributionPoints',
    'policyConstraints',
    'inhibitAnyPolicy',
    'issuerAltName',
    'noCheck',
    'nsComment',
    'subjectInfoAccess',
    'tlsfeature',
  ])('a critical %s is understood when openssl understands it', (name) => {
    const value =
      {
        subjectKeyIdentifier: 'hash',
        authorityKeyIdentifier: 'keyid',
        certificatePolicies: '1.2.3.4',
        crlDistributionPoints: 'URI:http://example.com/crl',
        policyConstraints: 'inhibitPolicyMapping:0',
        inhibitAnyPolicy: '0',
        issuerAltName: 'DNS:example.com',
        noCheck: 'ignored',
        nsComment: 'hello',
        subjectInfoAccess: 'caRepository;URI:http://example.com',
        tlsfeature: 'status_request',
      }[name] ?? '';
    workshop.write(
      'critical.cnf',
      `${CONFIGURATION}\n[critical]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n${name}=critical,${value}\n`,
    );
    const leaf = signedBy('root', 'old', '-extfile', 'critical.cnf', '-extensions', 'critical');
    const theirs = workshop.tryOpenssl('verify', '-trusted', 'root.pem', 'old.pem');
    expect({ ours: judge(leaf, { trustAnchors: [certificate('root.pem')] }), theirs }).toEqual({
      ours: theirs.ok ? [] : ['CRITICAL_EXTENSION_UNKNOWN'],
      theirs,
    });
  });
});
