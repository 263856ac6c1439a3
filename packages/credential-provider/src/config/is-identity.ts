import type { X509Identity } from '@rolesanywhere/signer';

/** True for what can sign as an X509Identity does. Callers without types also give PEM texts, nothing, or another function. */
export function isIdentity(value: unknown): value is X509Identity {
  if (!isObject(value) || !isObject(value['certificate']) || !isObject(value['key'])) return false;
  const { certificate, key, chain, expiration } = value;
  return (
    typeof certificate['serialNumber'] === 'bigint' &&
    ArrayBuffer.isView(certificate['der']) &&
    typeof key['sign'] === 'function' &&
    Array.isArray(chain) &&
    isObject(expiration) &&
    typeof expiration['getTime'] === 'function' &&
    Number.isFinite(expiration['getTime']())
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
