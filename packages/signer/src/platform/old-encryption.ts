import { Worker } from 'node:worker_threads';
import type { PrivateKeyData } from './platform.js';

/** What came of it: the key as plain PKCS#8, or what OpenSSL says against it. */
export type OldEncryptionResult = { readonly pkcs8: Uint8Array } | { readonly refusal: OpensslRefusal };

/** The part of an error of `node:crypto` that tells one from another; it names functions of OpenSSL, never content. */
export interface OpensslRefusal {
  readonly code?: string;
  readonly opensslErrorStack?: readonly string[];
}

/** As text: a file of its own would have to be known to every bundler. */
const PROGRAM = `
const { createPrivateKey } = require('node:crypto');
const { parentPort, workerData: { der, passphrase } } = require('node:worker_threads');
try {
  const key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8', passphrase });
  parentPort.postMessage({ pkcs8: key.export({ type: 'pkcs8', format: 'der' }) });
} catch ({ code, opensslErrorStack }) {
  parentPort.postMessage({ refusal: { code, opensslErrorStack } });
}
`;

/**
 * Opens a key of an old encryption with OpenSSL in a thread of its own, for OpenSSL derives its key where it is called: 600,000
 * rounds, which GnuTLS takes, would hold up the event loop for 150 ms. Rejects when there can be no thread.
 *
 * @see RFC 8018 §6.1, RFC 7292 appendix B
 */
export function openOldEncryption({ der, passphrase = '' }: PrivateKeyData): Promise<OldEncryptionResult> {
  return new Promise((resolve, reject) => {
    const workerData = { der, passphrase };
    const worker = new Worker(PROGRAM, { eval: true, workerData, env: {}, execArgv: [] });
    worker.once('message', resolve);
    worker.once('error', reject);
    // After an answer this changes nothing.
    worker.once('exit', () => reject(new Error('the thread ended')));
  });
}
