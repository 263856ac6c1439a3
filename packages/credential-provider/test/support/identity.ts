import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { X509Identity } from '@rolesanywhere/signer';

/** An identity with a real key; its certificate is only bytes, for servers that do not read it. */
export function testIdentity(init: { expiration?: Date; serialNumber?: bigint } = {}): X509Identity {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const expiration = init.expiration ?? new Date('2099-01-01T00:00:00Z');
  return {
    certificate: {
      der: new Uint8Array(randomBytes(32)),
      serialNumber: init.serialNumber ?? 255n,
      notBefore: new Date(0),
      notAfter: expiration,
      subject: 'CN=test',
      issuer: 'CN=test CA',
      keyAlgorithm: 'EC',
    },
    chain: [],
    key: {
      algorithm: 'AWS4-X509-ECDSA-SHA256',
      // Not in the thread pool, so that a virtual clock need not wait for it.
      sign: async (message) => new Uint8Array(sign('sha256', message, privateKey)),
    },
    expiration,
  };
}
