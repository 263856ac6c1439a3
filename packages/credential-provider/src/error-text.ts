/**
 * Codes and messages of an error and its causes: `fetch` hides the telling one underneath. Errors of Node's own modules are
 * not always instances of this realm's `Error`.
 */
export function errorText(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 5) return '';
  const code = 'code' in error ? String(error.code) : '';
  const message = 'message' in error ? String(error.message) : '';
  return `${code} ${message} ${errorText('cause' in error ? error.cause : undefined, depth + 1)}`;
}

/** Matches the text of an error about a TLS certificate that is not trusted. */
export const untrustedCertificate =
  /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED/;
