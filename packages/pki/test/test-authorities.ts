import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  issueCertificate,
  issueCertificateAuthority,
  type IssueCertificateAuthorityInit,
  type IssueCertificateInit,
  type IssuedCertificate,
  type JudgePathInput,
  type PathVerdict,
} from '../src/index.js';
import { judgePath } from '../src/index.js';

/** The instant at which the tests judge. */
export const AT = new Date('2030-06-15T12:00:00Z');

/** Dates around {@link AT}, so that no test depends on the day it runs. */
export const DATES = {
  notBefore: new Date('2030-01-01T00:00:00Z'),
  notAfter: new Date('2031-01-01T00:00:00Z'),
};

/** A small key: P-256. */
export function ecKey(namedCurve = 'P-256'): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

export function authority(
  subject: IssueCertificateAuthorityInit['subject'],
  init: Partial<IssueCertificateAuthorityInit> = {},
): Promise<IssuedCertificate> {
  return issueCertificateAuthority({ subject, ...DATES, ...key(init), ...init });
}

export function leafOf(
  issuer: IssuedCertificate,
  init: Partial<IssueCertificateInit> = {},
): Promise<IssuedCertificate> {
  return issueCertificate({ subject: 'CN=server, O=Example', issuer, ...DATES, ...key(init), ...init });
}

function key(init: object): object {
  return 'privateKey' in init || 'keyAlgorithm' in init ? {} : { keyAlgorithm: { type: 'EC' } };
}

/** Judges at {@link AT}; what is not given is empty. */
export function judge(input: {
  readonly leaf: IssuedCertificate;
  readonly pool?: readonly IssuedCertificate[];
  readonly anchors: readonly IssuedCertificate[];
  readonly more?: Partial<JudgePathInput>;
}): PathVerdict {
  return judgePath({
    leaf: input.leaf.certificate,
    candidates: (input.pool ?? []).map(({ certificate }) => certificate),
    trustAnchors: input.anchors.map(({ certificate }) => certificate),
    at: AT,
    ...input.more,
  });
}

/** The codes of a verdict, each once, in order. */
export function codesOf({ findings }: Pick<PathVerdict, 'findings'>): string[] {
  return [...new Set(findings.map(({ code }) => code))];
}
