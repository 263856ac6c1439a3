import { X509Certificate, createPrivateKey, sign, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { SigningKey, X509Identity } from '../src/index.js';
import { codeOf } from '../../../tools/test-support/error-of.js';
import { type LoadedSigner, PLATFORMS, type PlatformName, loadSigner } from './support/load-signer.js';
import {
  type Vector,
  headerOf,
  readVector,
  readVectors,
  requestOf,
  signingDateOf,
} from './support/vectors.js';

const vectors = readVectors();
const withKey = vectors.filter((vector) => vector.inputs.privateKeyPem !== undefined);

/** Vectors whose client sent more than intermediates, so that no identity of ours has their chain. */
function hasForeignChain({ name }: Vector): boolean {
  return /^(rsa2048-pkcs12|pkcs11|p256-bundle-with-root)/.test(name);
}

async function literalIdentity({ certificate }: LoadedSigner, vector: Vector): Promise<X509Identity> {
  const read = (pem: string) => certificate.parseCertificate(new X509Certificate(pem).raw, vector.name);
  const chain = await Promise.all(vector.inputs.chainPem.map(read));
  const leaf = await read(vector.inputs.certificatePem);
  return { certificate: leaf, chain, key: await keyOf(vector), expiration: leaf.notAfter };
}

/** The vector's key, or one that gives the recorded signature where the key is in hardware. */
async function keyOf(vector: Vector): Promise<SigningKey> {
  const { algorithm, signatureHex } = vector.expected;
  const { privateKeyPem, privateKeyPassphrase } = vector.inputs;
  if (privateKeyPem === undefined) return { algorithm, sign: async () => Buffer.from(signatureHex, 'hex') };
  const passphrase = privateKeyPassphrase === undefined ? {} : { passphrase: privateKeyPassphrase };
  const key = createPrivateKey({ key: privateKeyPem, ...passphrase });
  return { algorithm, sign: async (message) => sign('sha256', message, key) };
}

/** By `node:crypto`; ML-DSA signatures, which not every Node can verify, are all deterministic and were compared. */
function isVerified({ expected, inputs }: Vector, message: Uint8Array, signature: Uint8Array): boolean {
  if (expected.algorithm === 'AWS4-X509-MLDSA') return expected.deterministic;
  return verify('sha256', message, new X509Certificate(inputs.certificatePem).publicKey, signature);
}

async function identityOf(
  loaded: LoadedSigner,
  vector: Vector,
  platform: PlatformName,
): Promise<X509Identity> {
  // WebCrypto has no scrypt: see the last test.
  const isForNodeOnly = platform === 'web' && vector.name === 'p256-encrypted-scrypt';
  if (vector.inputs.privateKeyPem === undefined || hasForeignChain(vector) || isForNodeOnly)
    return literalIdentity(loaded, vector);
  const { certificatePem, privateKeyPem, privateKeyPassphrase, chainPem } = vector.inputs;
  const provider = loaded.fromPem.pemProvider(
    {
      certificate: certificatePem,
      privateKey: privateKeyPem,
      ...(chainPem.length > 0 && { chain: chainPem.join('') }),
      ...(privateKeyPassphrase !== undefined && { passphrase: privateKeyPassphrase }),
    },
    () => signingDateOf(vector),
  );
  return provider();
}

test('every vector is there', () => {
  expect(vectors).toHaveLength(33);
  expect(withKey).toHaveLength(27);
});

describe.each(PLATFORMS)('on the %s platform', (platform) => {
  test.each(vectors.map((vector) => [vector.name, vector] as const))(
    '%s: canonical request, string to sign and signature are those on record',
    async (_, vector) => {
      const loaded = await loadSigner(platform);
      const identity = await identityOf(loaded, vector, platform);
      let message = new Uint8Array();
      const key: SigningKey = {
        algorithm: identity.key.algorithm,
        sign: (given) => {
          message = given.slice();
          return identity.key.sign(given);
        },
      };
      const signed = await loaded.signer.signRequest(requestOf(vector), {
        identity: { ...identity, key },
        region: vector.inputs.region,
        signingDate: signingDateOf(vector),
      });
      const canonical = await loaded.signer.canonicalRequest(signed);
      expect(canonical.text).toBe(vector.expected.canonicalRequest);
      expect(canonical.signedHeaders).toBe(vector.expected.signedHeaders.join(';'));
      expect(Buffer.from(message).toString()).toBe(vector.expected.stringToSign);
      expect(Object.keys(signed.headers)).toContain('authorization');
      const [head, signature] = (signed.headers['authorization'] ?? '').split('Signature=');
      expect(head).toBe(headerOf(vector, 'authorization').split('Signature=')[0]);
      const { deterministic, signatureHex } = vector.expected;
      expect(deterministic ? signature : signatureHex).toBe(signatureHex);
      expect(isVerified(vector, message, Buffer.from(signature ?? '', 'hex'))).toBe(true);
      const chain = vector.request.rawHeaders.find(([name]) => name === 'X-Amz-X509-Chain')?.[1];
      expect(signed.headers['x-amz-x509-chain']).toBe(chain);
      expect('x-amz-x509-chain' in signed.headers).toBe(chain !== undefined);
    },
  );
});

test('the web platform says that it cannot open a key with scrypt', async () => {
  const { signer } = await loadSigner('web');
  const {
    certificatePem,
    privateKeyPem = '',
    privateKeyPassphrase = '',
  } = readVector('p256-encrypted-scrypt').inputs;
  const init = { certificate: certificatePem, privateKey: privateKeyPem, passphrase: privateKeyPassphrase };
  expect(await codeOf(signer.fromPem(init))).toBe('KEY_UNSUPPORTED');
});
