import type { KeyObject } from 'node:crypto';
import type {
  CertificateOptions,
  GeneralNameInit,
  IssueCertificateAuthorityInit,
  IssuedCertificate,
} from '../../src/index.js';
import { authority, ecKey, leafOf } from '../test-authorities.js';

/** A chain with at most two faults, and a pool in which it has to be found. */
export interface RandomChain {
  readonly description: string;
  readonly leaf: IssuedCertificate;
  readonly pool: readonly IssuedCertificate[];
  readonly anchor: IssuedCertificate;
  /** The anchor is the self-signed root, and nothing was changed on it. */
  readonly isAnchorPlainRoot: boolean;
}

export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  pick<T>(values: readonly [T, ...T[]]): T;
  chance(probability: number): boolean;
}

/** mulberry32: small, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (values) => values[below(values.length)] ?? values[0],
    chance: (probability) => next() < probability,
  };
}

const OLD = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') };
const NEW = { notBefore: new Date('2040-01-01T00:00:00Z'), notAfter: new Date('2041-01-01T00:00:00Z') };
const UNKNOWN = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: Uint8Array.of(5, 0) };
const HARMLESS = { ...UNKNOWN, critical: false };

const KEYS: readonly [KeyObject, ...KeyObject[]] = [
  ecKey(),
  ecKey(),
  ecKey('P-384'),
  ecKey(),
  ecKey(),
  ecKey(),
];

/** Faults, and changes that are none, of any certificate. */
const BENDS: readonly [Named<CertificateOptions>, ...Named<CertificateOptions>[]] = [
  ['expired', OLD],
  ['not yet valid', NEW],
  ['corrupted signature', { signature: 'corrupted' }],
  ['signed by a stranger', { signingKey: ecKey() }],
  ['wrong issuer name', { issuerName: 'CN=Nobody' }],
  ['issuer name in capitals and with spaces', { issuerName: 'capitals' }],
  ['unknown critical extension', { extensions: [UNKNOWN] }],
  ['unknown extension', { extensions: [HARMLESS] }],
  ['other authority key identifier', { authorityKeyIdentifier: Uint8Array.of(1, 2, 3) }],
  ['no authority key identifier', { authorityKeyIdentifier: 'absent' }],
  ['no subject key identifier', { subjectKeyIdentifier: 'absent' }],
  ['version 1', { version: 1 }],
  ['SHA-1', { hash: 'SHA-1' }],
  ['SHA-512', { hash: 'SHA-512' }],
  ['no key usage', { keyUsage: 'absent' }],
  ['key usage keyEncipherment', { keyUsage: ['keyEncipherment'] }],
  ['serial number with the high bit', { serialNumber: 2n ** 159n + 1n }],
];

/** And of a CA only. */
const CA_BENDS: readonly [Named<IssueCertificateAuthorityInit>, ...Named<IssueCertificateAuthorityInit>[]] = [
  ['CA:FALSE', { basicConstraints: { ca: false } }],
  ['no basic constraints', { basicConstraints: 'absent' }],
  ['basic constraints not critical', { basicConstraints: { ca: true, critical: false } }],
  ['path length 0', { pathLength: 0 }],
  ['path length 1', { pathLength: 1 }],
  ['permitted DNS', { nameConstraints: { permitted: [{ type: 'dns', value: 'example.com' }] } }],
  ['permitted DNS of another', { nameConstraints: { permitted: [{ type: 'dns', value: 'example.org' }] } }],
  ['excluded DNS', { nameConstraints: { excluded: [{ type: 'dns', value: 'host.example.com' }] } }],
  [
    'permitted directory',
    { nameConstraints: { permitted: [{ type: 'directoryName', value: 'O=EXAMPLE' }] } },
  ],
  ['excluded directory', { nameConstraints: { excluded: [{ type: 'directoryName', value: 'O=Example' }] } }],
  ['permitted e-mail', { nameConstraints: { permitted: [{ type: 'email', value: '.example.com' }] } }],
  ['excluded e-mail', { nameConstraints: { excluded: [{ type: 'email', value: 'user@mail.example.com' }] } }],
  ['permitted URI', { nameConstraints: { permitted: [{ type: 'uri', value: 'trust.example.com' }] } }],
  ['excluded URI', { nameConstraints: { excluded: [{ type: 'uri', value: '.example.com' }] } }],
  ['permitted address', { nameConstraints: { permitted: [{ type: 'ip', value: '192.0.2.0/24' }] } }],
  ['excluded address', { nameConstraints: { excluded: [{ type: 'ip', value: '192.0.0.0/8' }] } }],
];

const ALTERNATIVE_NAMES: readonly [GeneralNameInit, ...GeneralNameInit[]] = [
  { type: 'dns', value: 'host.example.com' },
  { type: 'dns', value: 'example.org' },
  { type: 'email', value: 'user@mail.example.com' },
  { type: 'uri', value: 'spiffe://trust.example.com/service' },
  { type: 'uri', value: 'https://example.org:8443/' },
  { type: 'uri', value: 'urn:example:no-host' },
  { type: 'ip', value: '192.0.2.7' },
  { type: 'ip', value: '2001:db8::7' },
  { type: 'directoryName', value: 'CN=alias, O=Example' },
];

type Named<T> = readonly [name: string, options: Partial<T>];

export async function createRandomChain(random: Random): Promise<RandomChain> {
  const notes: string[] = [];
  const intermediates = random.below(4);
  const faulty = new Set(Array.from({ length: random.below(3) }, () => random.below(intermediates + 2)));
  const bend = (level: number): Partial<IssueCertificateAuthorityInit> => {
    if (!faulty.has(level)) return {};
    const isCa = level <= intermediates;
    const [name, options] = isCa && random.chance(0.5) ? random.pick(CA_BENDS) : random.pick(BENDS);
    notes.push(`${isCa ? `CA ${level}` : 'leaf'}: ${name}`);
    return options.issuerName === 'capitals' ? { issuerName: `cn=ca  ${level - 1},O=EXAMPLE ` } : options;
  };
  const authorities: IssuedCertificate[] = [];
  for (let level = 0; level <= intermediates; level += 1) {
    const issuer = authorities.at(-1);
    const init = {
      privateKey: KEYS[level] ?? KEYS[0],
      ...(issuer && { issuer }),
      ...selfIssuer(bend(level), level),
    };
    authorities.push(await authority(`CN=CA ${level}, O=Example`, init));
  }
  const [root, ...below] = authorities;
  const issuer = authorities.at(-1);
  if (root === undefined || issuer === undefined) throw new Error('no root');
  const leaf = await leafOf(issuer, {
    privateKey: KEYS[5] ?? KEYS[0],
    subjectAlternativeName: someNames(random),
    ...bend(intermediates + 1),
  });
  const anchorLevel = random.chance(0.7) ? 0 : random.below(authorities.length);
  const pool = await poolOf(random, below, notes);
  return {
    description: `${intermediates} intermediates, anchor ${anchorLevel}; ${notes.join('; ')}`,
    leaf,
    pool,
    anchor: authorities[anchorLevel] ?? root,
    isAnchorPlainRoot: anchorLevel === 0 && !faulty.has(0),
  };
}

/** The root names itself as its issuer, whatever was drawn. */
function selfIssuer(
  { issuerName, ...options }: Partial<IssueCertificateAuthorityInit>,
  level: number,
): Partial<IssueCertificateAuthorityInit> {
  return level === 0 || issuerName === undefined ? options : { ...options, issuerName };
}

function someNames(random: Random): readonly GeneralNameInit[] {
  return Array.from({ length: random.below(4) }, () => random.pick(ALTERNATIVE_NAMES));
}

/** In any order, with a stranger and a duplicate now and then, and now and then one missing. */
async function poolOf(
  random: Random,
  intermediates: readonly IssuedCertificate[],
  notes: string[],
): Promise<readonly IssuedCertificate[]> {
  const pool = [...intermediates];
  if (random.chance(0.08) && pool.length > 0)
    notes.push(`missing ${pool.splice(random.below(pool.length), 1)[0]?.certificate.subject.text}`);
  if (random.chance(0.3)) pool.push(await authority('CN=Stranger', { privateKey: KEYS[0] }));
  if (random.chance(0.3) && pool[0] !== undefined) pool.push(pool[0]);
  return pool
    .map((certificate) => ({ certificate, position: random.below(1000) }))
    .toSorted((a, b) => a.position - b.position)
    .map(({ certificate }) => certificate);
}
