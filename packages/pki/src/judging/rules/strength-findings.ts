import type { Certificate } from '../../certificate/certificate.js';
import { shorten } from '../../shorten.js';
import { describe, refusal, warning } from '../create-finding.js';
import type { Finding, FindingCode, FindingGroup } from '../finding.js';

const STRONG_HASHES: ReadonlySet<string> = new Set(['SHA-256', 'SHA-384', 'SHA-512']);
const CURVES = ['P-256', 'P-384', 'P-521'];
const SMALLEST_MODULUS_BITS = 2048;
const LARGEST_SERIAL_NUMBER = (1n << 160n) - 1n;

/**
 * Signature hash, key and serial number: the rules of the service for every certificate.
 *
 * @see IAM Roles Anywhere User Guide, trust model; RFC 5280 §4.1.2.2
 */
export function strengthFindings(certificate: Certificate, group: FindingGroup): readonly Finding[] {
  return [
    ...hashFindings(certificate, group),
    ...keyFindings(certificate, group),
    ...serialNumberFindings(certificate, group),
  ];
}

function hashFindings(certificate: Certificate, group: FindingGroup): readonly Finding[] {
  const { name, hash } = certificate.signatureAlgorithm;
  const isWeak = hash === undefined ? name.startsWith('Ed') : !STRONG_HASHES.has(hash);
  if (!isWeak) return [];
  const message = `The certificate ${describe(certificate)} is signed with ${name}: sign it with SHA-256 or a stronger hash.`;
  return [refusal('SIGNATURE_HASH_WEAK', { group, message, certificate })];
}

function keyFindings(certificate: Certificate, group: FindingGroup): readonly Finding[] {
  const { algorithm, modulusLength = 0, publicExponent = 0n, curve } = certificate.publicKey;
  const refuse = (code: FindingCode, problem: string): readonly Finding[] => [
    refusal(code, {
      group,
      certificate,
      message: `The key of the certificate ${describe(certificate)} ${problem}.`,
    }),
  ];
  if (algorithm === 'RSA-PSS' || algorithm === 'other') {
    return refuse('KEY_TYPE_UNSUPPORTED', 'is of a type the service does not take: use RSA, EC or ML-DSA');
  }
  if (algorithm === 'RSA' && modulusLength < SMALLEST_MODULUS_BITS) {
    return refuse('KEY_TOO_SMALL', `has ${modulusLength} bits: use RSA with 2048 or more`);
  }
  if (algorithm === 'RSA' && (publicExponent < 3n || publicExponent % 2n === 0n)) {
    return refuse(
      'KEY_EXPONENT_WEAK',
      `has the public exponent ${shorten(publicExponent.toString())}: make a key with 65537`,
    );
  }
  if (algorithm === 'EC' && !CURVES.includes(curve ?? '')) {
    return refuse(
      'CURVE_UNSUPPORTED',
      `is on the curve ${curve ?? 'of its own parameters'}: use ${CURVES.join(', ')}`,
    );
  }
  return [];
}

function serialNumberFindings(certificate: Certificate, group: FindingGroup): readonly Finding[] {
  const { serialNumber } = certificate;
  const problem = `The serial number of the certificate ${describe(certificate)}`;
  if (serialNumber > LARGEST_SERIAL_NUMBER) {
    const message = `${problem} has more than 20 octets: issue it with a shorter one.`;
    return [refusal('SERIAL_NUMBER_TOO_LONG', { group, certificate, message })];
  }
  if (serialNumber > 0n) return [];
  const message = `${problem} is not positive: issue it with a positive one.`;
  return [warning('SERIAL_NUMBER_NOT_POSITIVE', { group, certificate, message })];
}
