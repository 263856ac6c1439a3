import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  IdentityError,
  SigningError,
  type X509Identity,
  createX509Identity,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';
import { splitCertificates } from './split-certificates.js';
import { faultOfNames, faultOfOctets, svidFault } from './svid-fault.js';
import type { X509Svid } from './workload-api/x509-svid-response.js';

/**
 * The identity of an X.509-SVID: its certificates are read, its key becomes a signing key.
 *
 * @param svid - as it came
 * @param isClosed - asked at each signature
 * @throws IdentityError `CERTIFICATE_INVALID`, `CERTIFICATE_EXPIRED`, `CERTIFICATE_NOT_YET_VALID`, `CHAIN_INVALID`,
 *   `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 * @throws SigningError `KEY_MISMATCH`
 * @see X509-SVID §2 (the SPIFFE ID in the certificate), SPIFFE Workload API §5.2.1 (the leaf first)
 */
export async function svidIdentity(svid: X509Svid, isClosed: () => boolean): Promise<X509Identity> {
  const { spiffeId, certificates, privateKey } = svid;
  const fault = faultOfOctets(svid);
  if (fault !== undefined) throw fault;
  const [certificate, ...chain] = splitCertificates(certificates);
  if (certificate === undefined) {
    const what = 'has certificates that are not intact DER, or more than 16 of them';
    throw svidFault('CERTIFICATE_INVALID', spiffeId, what);
  }
  let identity: X509Identity;
  try {
    identity = await createX509Identity({ certificate, chain, key: privateKey });
  } catch (error) {
    throw retold(error, spiffeId);
  }
  const wrongName = faultOfNames(certificate, spiffeId);
  if (wrongName !== undefined) throw wrongName;
  // Reading the first one takes ten milliseconds: what is done with it is not to come on top in the same turn of the event loop.
  await nextTurn();
  return whileOpen(identity, isClosed);
}

function whileOpen(identity: X509Identity, isClosed: () => boolean): X509Identity {
  const { key } = identity;
  return {
    ...identity,
    key: {
      ...key,
      async sign(message) {
        if (!isClosed()) return key.sign(message);
        const text = 'The provider of this X.509-SVID was closed. Close it after the last signature.';
        throw new SigningError({ code: 'SIGNING_FAILED', message: text });
      },
    },
  };
}

/** The same error in the words of the Workload API: the signer speaks of the options that it was given. */
function retold(error: unknown, spiffeId: string): unknown {
  if (!isRolesAnywhereError(error)) return error;
  const name = `the X.509-SVID ${spiffeId}`;
  const text = error.message
    .replaceAll('`certificate`', name)
    .replaceAll('`chain`', `the chain of ${name}`)
    .replaceAll('`key`', name);
  const { cause } = error;
  const message = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  if (error.code === 'KEY_MISMATCH') return new SigningError({ code: 'KEY_MISMATCH', message, cause });
  return error instanceof IdentityError ? new IdentityError({ code: error.code, message, cause }) : error;
}
