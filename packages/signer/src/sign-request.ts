import { createScope } from '@smithy/signature-v4';
import type { HttpRequest } from '@smithy/types';
import type { SigningContext } from './signing-context.js';
import { authorization } from './sigv4/authorization.js';
import { canonicalForm } from './sigv4/canonical-request.js';
import { checkSigningInput, requestToSign } from './sigv4/request-to-sign.js';
import { signature } from './sigv4/signature.js';
import { formatSigningDate } from './sigv4/signing-date.js';
import { stringToSign } from './sigv4/string-to-sign.js';

/**
 * Signs a request with an X.509 identity, in the four tasks of AWS's description.
 *
 * Every header of the request is signed, but those that may change on their way (`UNSIGNED_HEADERS`). Adds `host` when it
 * is missing, `x-amz-date`, `x-amz-x509`, `authorization`, and `x-amz-x509-chain` when the identity has a chain; what an
 * earlier signature left is replaced. The request given is not changed. The answer is a plain object, header names as given.
 *
 * @param request - method, protocol, hostname, port, path (encoded as it will be sent), query (not encoded), headers, body
 *   (string or bytes)
 * @throws ConfigurationError `INVALID_OPTION`: the request cannot be signed, such as one with a stream as its body
 * @throws SigningError `SIGNING_FAILED`, `KEY_MISMATCH`
 * @example
 * const signed = await signRequest(request, { identity: await provider(), region: 'eu-central-1' });
 * @see IAM Roles Anywhere User Guide, authentication-sign-process
 */
export async function signRequest(request: HttpRequest, context: SigningContext): Promise<HttpRequest> {
  checkSigningInput(request, context);
  const { identity, region, service = 'rolesanywhere', signingDate = new Date() } = context;
  const { algorithm } = identity.key;
  const { longDate, shortDate } = formatSigningDate(signingDate);
  const scope = createScope(shortDate, region, service);
  const unsigned = requestToSign(request, identity, longDate);

  // Task 1: the canonical request
  const canonical = canonicalForm(unsigned);
  // Task 2: the string to sign
  const toSign = stringToSign({ algorithm, longDate, scope, canonicalRequest: canonical.text });
  // Task 3: the signature
  const hex = await signature(identity.key, toSign);
  // Task 4: the Authorization header
  const { serialNumber } = identity.certificate;
  const { signedHeaders } = canonical;
  const value = authorization({ algorithm, serialNumber, scope, signedHeaders, signature: hex });
  // The copy is ours, nobody else has seen it yet.
  unsigned.headers['authorization'] = value;
  return unsigned;
}
