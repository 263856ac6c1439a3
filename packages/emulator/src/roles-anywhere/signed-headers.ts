import type { Certificate } from '@rolesanywhere/pki';
import type { RawRequest } from '../http.js';
import type { Authorization } from '../sigv4/authorization.js';
import { singleHeader } from './certificate-headers.js';
import { invalidSignature } from './refusal.js';
import { tolerate, type SignatureRules } from './signature-rules.js';

/**
 * Every listed header must be there, and the four that matter must be listed. Content-Type need not be.
 *
 * @throws Refusal `SIGNED_HEADER_ABSENT` or `HEADER_NOT_SIGNED`
 */
export function checkSignedHeaders(
  request: RawRequest,
  input: {
    readonly authorization: Authorization;
    readonly hasChain: boolean;
    readonly rules: SignatureRules;
  },
): void {
  const { signedHeaders } = input.authorization;
  singleHeader(request, 'Host');
  const present = new Set(request.rawHeaders.map(([name]) => name.toLowerCase()));
  const absent = signedHeaders.find((name) => !present.has(name));
  if (absent !== undefined) {
    throw invalidSignature(
      'SIGNED_HEADER_ABSENT',
      `SignedHeaders lists ${absent}, which the request does not have`,
    );
  }
  const required = ['host', 'x-amz-date', 'x-amz-x509', ...(input.hasChain ? ['x-amz-x509-chain'] : [])];
  for (const name of required.filter((header) => !signedHeaders.includes(header))) {
    tolerate('HEADER_NOT_SIGNED', `The signature does not cover ${name}`, input.rules);
  }
}

/**
 * The algorithm must be that of the certificate's key.
 *
 * @returns the algorithm to verify with
 * @throws Refusal `KEY_TYPE_UNSUPPORTED` or `CURVE_UNSUPPORTED` for a key that no algorithm is for,
 * `ALGORITHM_UNKNOWN` or `ALGORITHM_MISMATCH`
 */
export function checkAlgorithm(
  algorithm: string,
  { certificate, rules }: { readonly certificate: Certificate; readonly rules: SignatureRules },
): string {
  const due = algorithmOfKey(certificate.publicKey);
  if (!Object.values(ALGORITHM_BY_KEY).includes(algorithm)) {
    throw invalidSignature('ALGORITHM_UNKNOWN', `There is no signature algorithm ${algorithm}`);
  }
  if (algorithm !== due) {
    tolerate(
      'ALGORITHM_MISMATCH',
      `The algorithm is ${algorithm}, but the key of the certificate wants ${due}`,
      rules,
    );
  }
  return due;
}

function algorithmOfKey({
  algorithm,
  curve = 'of its own parameters',
  oid,
}: Certificate['publicKey']): string {
  const due = ALGORITHM_BY_KEY[algorithm];
  if (due === undefined) {
    throw invalidSignature(
      'KEY_TYPE_UNSUPPORTED',
      `There is no signature algorithm for a key of type ${oid}`,
    );
  }
  if (algorithm !== 'EC' || CURVES.includes(curve)) return due;
  throw invalidSignature(
    'CURVE_UNSUPPORTED',
    `There is no signature algorithm for a key on the curve ${curve}: ${CURVES.join(', ')} are taken`,
  );
}

const CURVES: readonly string[] = ['P-256', 'P-384', 'P-521'];

const ALGORITHM_BY_KEY: Readonly<Record<string, string | undefined>> = {
  RSA: 'AWS4-X509-RSA-SHA256',
  EC: 'AWS4-X509-ECDSA-SHA256',
  'ML-DSA': 'AWS4-X509-MLDSA',
};
