import { constants, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Null, ObjectIdentifier, Sequence } from 'asn1js';
import { AlgorithmIdentifier, RSASSAPSSParams } from 'pkijs';
import type { SignatureHash } from '../certificate/certificate.js';
import { HASH_BY_OID, RSASSA_PSS_OID, SIGNATURE_ALGORITHMS } from '../certificate/signature-algorithms.js';
import { PkiError } from '../errors.js';

/** How to sign. */
export interface SigningOptions {
  readonly key: KeyObject;
  readonly hash: SignatureHash;
  readonly padding: 'PKCS1' | 'PSS';
}

/** A key with its algorithm identifier, which is written before the signature is made. */
export interface CertificateSigner {
  readonly algorithm: AlgorithmIdentifier;
  sign(tbs: Uint8Array): Promise<Uint8Array>;
}

const MGF1_OID = '1.2.840.113549.1.1.8';

const signInThreadPool = promisify(sign);

/** @throws PkiError `INVALID_OPTION` when key and hash do not go together */
export function certificateSigner({ key, hash, padding }: SigningOptions): CertificateSigner {
  const digest = hash.replace('-', '');
  const type = key.asymmetricKeyType ?? '';
  if (type === 'rsa-pss' || (type === 'rsa' && padding === 'PSS')) return pssSigner(key, hash);
  if (type === 'rsa') return namedSigner(key, { name: `RSA-${digest}`, digest });
  if (type === 'ec') return namedSigner(key, { name: `ECDSA-${digest}`, digest });
  if (type === 'ed25519') return namedSigner(key, { name: 'Ed25519' });
  return namedSigner(key, { name: type.toUpperCase() });
}

function namedSigner(
  key: KeyObject,
  { name, digest }: { readonly name: string; readonly digest?: string },
): CertificateSigner {
  const known = Object.values(SIGNATURE_ALGORITHMS).find((algorithm) => algorithm.name === name);
  if (known === undefined) {
    throw new PkiError(
      'INVALID_OPTION',
      `There is no signature algorithm ${name}: choose another key or hash.`,
    );
  }
  // RFC 4055 §5 wants NULL parameters for RSA; the others have none.
  const parameters = name.startsWith('RSA-') ? { algorithmParams: new Null() } : {};
  return {
    algorithm: new AlgorithmIdentifier({ algorithmId: known.oid, ...parameters }),
    sign: (tbs) => signOrFail(digest, tbs, { key }),
  };
}

function pssSigner(key: KeyObject, hash: SignatureHash): CertificateSigner {
  const hashOid = Object.keys(HASH_BY_OID).find((oid) => HASH_BY_OID[oid] === hash) ?? '';
  const hashAlgorithm = new AlgorithmIdentifier({ algorithmId: hashOid, algorithmParams: new Null() });
  const saltLength = 32;
  const parameters = new RSASSAPSSParams({
    hashAlgorithm,
    maskGenAlgorithm: new AlgorithmIdentifier({
      algorithmId: MGF1_OID,
      algorithmParams: new Sequence({ value: [new ObjectIdentifier({ value: hashOid }), new Null()] }),
    }),
    saltLength,
  });
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return {
    algorithm: new AlgorithmIdentifier({
      algorithmId: RSASSA_PSS_OID,
      algorithmParams: parameters.toSchema(),
    }),
    sign: (tbs) => signOrFail(hash.replace('-', ''), tbs, { key, padding, saltLength }),
  };
}

async function signOrFail(
  digest: string | undefined,
  tbs: Uint8Array,
  key: Parameters<typeof sign>[2],
): Promise<Uint8Array> {
  try {
    return await signInThreadPool(digest, tbs, key);
  } catch (cause) {
    throw new PkiError('ISSUING_FAILED', 'The issuer’s key could not sign: check its size and the hash.', {
      cause,
    });
  }
}
