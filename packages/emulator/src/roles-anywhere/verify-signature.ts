import { createHash } from 'node:crypto';
import type { Certificate } from '@rolesanywhere/pki';
import type { RawRequest } from '../http.js';
import { parseAuthorization, type Authorization } from '../sigv4/authorization.js';
import { canonicalRequest } from '../sigv4/canonical-request.js';
import { isEcdsaDer } from '../sigv4/ecdsa-der.js';
import { splitTarget } from '../sigv4/request-target.js';
import { stringToSign } from '../sigv4/string-to-sign.js';
import { verifyWithCertificate } from '../sigv4/verify-with-certificate.js';
import { certificateOf, chainEntries, singleHeader } from './certificate-headers.js';
import { checkClock, checkScope, checkSerial, readSigningDate } from './credential-scope.js';
import { invalidSignature } from './refusal.js';
import type { SignatureRules } from './signature-rules.js';
import { checkAlgorithm, checkSignedHeaders } from './signed-headers.js';
import type { CertificateDetails, SignatureDetails } from './verdict.js';

/**
 * Checks that the holder of the certificate's key signed this very request, for this region and now.
 *
 * @returns the certificate and the undecoded entries of the chain header
 * @throws Refusal with the text `Invalid signature`, whatever the reason
 * @see AWS IAM Roles Anywhere User Guide, "Signing process"
 */
export async function verifySignature(request: RawRequest, rules: SignatureRules): Promise<SignedRequest> {
  const certificate = certificateOf(request);
  rules.notebook.note({ certificate: certificateDetails(certificate) });
  const chain = chainEntries(request);
  const authorization = readAuthorization(request);
  checkSerial(authorization.credentialId, certificate.serialNumber);
  const longDate = singleHeader(request, 'X-Amz-Date');
  const signingDate = readSigningDate(longDate);
  checkScope(authorization, { longDate, region: rules.region });
  checkClock(signingDate, rules);
  checkSignedHeaders(request, { authorization, hasChain: chain.length > 0, rules });
  const algorithm = checkAlgorithm(authorization.algorithm, { certificate, rules });
  const details = derive(request, authorization, longDate);
  rules.notebook.note({ signature: details });
  await checkSignature(authorization.signature, { details, certificate, algorithm });
  return { certificate, chain };
}

/** A request whose signature is right. */
export interface SignedRequest {
  readonly certificate: Certificate;
  readonly chain: readonly string[];
}

function readAuthorization(request: RawRequest): Authorization {
  const authorization = parseAuthorization(singleHeader(request, 'Authorization'));
  if (authorization !== undefined) return authorization;
  throw invalidSignature(
    'AUTHORIZATION_MALFORMED',
    'Authorization is not "<algorithm> Credential=<serial>/<scope>, SignedHeaders=<names>, Signature=<lower-case hex>"',
  );
}

/** The path that clients sign, also when the endpoint has a base path. */
const SIGNED_PATH = '/sessions';

function derive(request: RawRequest, authorization: Authorization, longDate: string): SignatureDetails {
  const { algorithm, scope, signedHeaders } = authorization;
  const over = (path: string): Pick<SignatureDetails, 'canonicalRequest' | 'stringToSign'> => {
    const canonical = canonicalRequest(request, { signedHeaders, path });
    return {
      canonicalRequest: canonical,
      stringToSign: stringToSign({ algorithm, longDate, scope, canonicalRequest: canonical }),
    };
  };
  const { path } = splitTarget(request.target);
  return {
    algorithm,
    signedHeaders,
    ...over(SIGNED_PATH),
    ...(path === SIGNED_PATH ? {} : { overFullPath: over(path) }),
  };
}

async function checkSignature(
  signature: string,
  {
    details,
    certificate,
    algorithm,
  }: { readonly details: SignatureDetails; readonly certificate: Certificate; readonly algorithm: string },
): Promise<void> {
  const { spki: publicKey, curve } = certificate.publicKey;
  const messages = [details.stringToSign, details.overFullPath?.stringToSign];
  for (const message of messages) {
    if (message === undefined) continue;
    if (await verifyWithCertificate({ algorithm, message, signature, publicKey })) return;
  }
  const coordinateBytes = COORDINATE_BYTES[curve ?? ''];
  if (coordinateBytes !== undefined && !isEcdsaDer(Buffer.from(signature, 'hex'), coordinateBytes)) {
    throw invalidSignature('SIGNATURE_NOT_DER', 'The ECDSA signature is not the DER of r and s');
  }
  throw invalidSignature(
    'SIGNATURE_WRONG',
    'The signature does not fit the string to sign: something that was signed differs from what arrived, or the key is not the one of the certificate',
  );
}

const COORDINATE_BYTES: Readonly<Record<string, number | undefined>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
};

function certificateDetails(certificate: Certificate): CertificateDetails {
  return {
    serialNumber: certificate.serialNumber.toString(16),
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    sha256: createHash('sha256').update(certificate.der).digest('hex'),
  };
}
