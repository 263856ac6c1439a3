import { X509Certificate } from 'node:crypto';

/** The public half of a key as tokens show it. */
export type PublicKeyFacts =
  | { readonly kind: 'RSA'; /** Without leading zeros. */ readonly modulus: Uint8Array }
  | { readonly kind: 'EC'; /** Uncompressed: 4, x, y. */ readonly point: Uint8Array };

/** The key of a certificate; undefined when it is neither RSA nor EC, or the certificate cannot be read. */
export function publicKeyFacts(certificate: Uint8Array): PublicKeyFacts | undefined {
  try {
    const { n, x, y } = new X509Certificate(certificate).publicKey.export({ format: 'jwk' });
    if (n !== undefined) return { kind: 'RSA', modulus: Uint8Array.from(Buffer.from(n, 'base64url')) };
    if (x === undefined || y === undefined) return undefined;
    const coordinates = [x, y].map((text) => Buffer.from(text, 'base64url'));
    return { kind: 'EC', point: Uint8Array.from(Buffer.concat([Buffer.of(4), ...coordinates])) };
  } catch {
    return undefined;
  }
}
