/** SHA-256 in hexadecimal. Rejects where there is no WebCrypto. */
export async function sha256(data: Uint8Array | string): Promise<string> {
  // A copy: WebCrypto's types demand memory that is not shared.
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : Uint8Array.from(data);
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
