import { createX509Identity, type X509IdentityProvider } from '@rolesanywhere/credential-provider';

/** Where the key is, and the certificate that belongs to it. */
export interface FromSigningServiceInit {
  /** PEM, the chain beside it if there is one. */
  readonly certificate: string;
  /** Takes a POST of the message, answers with the signature: PKCS#1 v1.5 with SHA-256. */
  readonly url: string;
  /** Sent as it is in `Authorization`. */
  readonly authorization: string;
}

/** An identity whose RSA key never leaves a service of one's own. */
export function fromSigningService(init: FromSigningServiceInit): X509IdentityProvider {
  const { certificate, url, authorization } = init;
  const sign = async (message: Uint8Array): Promise<Uint8Array> => {
    const headers = { authorization, 'content-type': 'application/octet-stream' };
    const signal = AbortSignal.timeout(5000);
    const response = await fetch(url, { method: 'POST', headers, body: message.slice(), signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return () => createX509Identity({ certificate, key: { algorithm: 'AWS4-X509-RSA-SHA256', sign } });
}
