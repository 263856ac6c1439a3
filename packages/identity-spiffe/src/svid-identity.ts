import { X509Certificate } from 'node:crypto';
import {
  IdentityError,
  SigningError,
  type X509Identity,
  createX509Identity,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';
import { splitCertificates } from './split-certificates.js';
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
  const name = `the X.509-SVID ${svid.spiffeId}`;
  const [certificate, ...chain] = splitCertificates(svid.certificates);
  if (certificate === undefined) {
    const message = `${capitalised(name)} has certificates that are not intact DER. Look into the log of the agent.`;
    throw new IdentityError({ code: 'CERTIFICATE_INVALID', message });
  }
  // A PEM text would be taken too, and is none of what the Workload API may send.
  if (svid.privateKey[0] !== 0x30) {
    const message = `${capitalised(name)} has a key that is not PKCS#8 DER. Look into the log of the agent.`;
    throw new IdentityError({ code: 'PRIVATE_KEY_INVALID', message });
  }
  try {
    const identity = await createX509Identity({ certificate, chain, key: svid.privateKey });
    checkSpiffeId(certificate, svid.spiffeId);
    return whileOpen(identity, isClosed);
  } catch (error) {
    throw retold(error, name);
  }
}

/** The SPIFFE ID that was chosen by must be the one that the certificate carries. */
function checkSpiffeId(certificate: Uint8Array, spiffeId: string): void {
  const names = new X509Certificate(certificate).subjectAltName?.split(', ') ?? [];
  const uris = names.filter((name) => name.startsWith('URI:'));
  if (uris.length === 1 && uris[0] === `URI:${spiffeId}`) return;
  const message = `The certificate in \`certificate\` does not carry that SPIFFE ID as its only URI. Look into the log of the agent.`;
  throw new IdentityError({ code: 'CERTIFICATE_INVALID', message });
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
function retold(error: unknown, name: string): unknown {
  if (!isRolesAnywhereError(error)) return error;
  const { cause } = error;
  const message = error.message
    .replaceAll('`certificate`', name)
    .replaceAll('`chain`', `the chain of ${name}`)
    .replaceAll('`key`', name);
  if (error.code === 'KEY_MISMATCH') return new SigningError({ code: 'KEY_MISMATCH', message, cause });
  // It has no passphrase: the key must not be encrypted.
  if (error.code === 'PASSPHRASE_REQUIRED' || error.code === 'PASSPHRASE_WRONG') {
    const encrypted = `The key of ${name} is encrypted, which the Workload API does not allow. Look into the log of the agent.`;
    return new IdentityError({ code: 'PRIVATE_KEY_INVALID', message: encrypted, cause });
  }
  return error instanceof IdentityError ? new IdentityError({ code: error.code, message, cause }) : error;
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
