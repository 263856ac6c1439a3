import { X509Certificate, verify } from 'node:crypto';
import { join } from 'node:path';
import { type FromTpmInit, fromTpm } from '../../src/index.js';
import { certify } from './make-keys.js';
import type { Swtpm } from './start-swtpm.js';

/** Certifies the key of `NAME.pub`, signs twice with that of `NAME.pem`, and tells whether both verify. */
export async function signWith(tpm: Swtpm, name: string, init: Partial<FromTpmInit> = {}): Promise<boolean> {
  const certificatePem = await certify(tpm, name);
  const files = { certificate: join(tpm.folder, `${name}.crt`), privateKey: join(tpm.folder, `${name}.pem`) };
  const provider = fromTpm({ ...files, device: tpm.device, ...init });
  try {
    const { key } = await provider();
    const message = Buffer.from(name);
    const signatures = [await key.sign(message), await key.sign(message)];
    const { publicKey } = new X509Certificate(certificatePem);
    return signatures.every((signature) => verify('sha256', message, publicKey, signature));
  } finally {
    await provider.close();
  }
}
