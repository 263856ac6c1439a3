import { SignCommand, type KMSClient } from '@aws-sdk/client-kms';
import {
  createX509Identity,
  type SigningKey,
  type X509IdentityProvider,
} from '@rolesanywhere/credential-provider';

/** Which key of AWS KMS, or of what has its API, and the certificate that belongs to it. */
export interface FromKmsInit {
  /** PEM, the chain beside it if there is one. */
  readonly certificate: string;
  readonly client: KMSClient;
  /** Key id, ARN or alias of a key with the usage SIGN_VERIFY. */
  readonly keyId: string;
  readonly keyType: 'RSA' | 'EC';
}

/** What KMS calls the one signature that IAM Roles Anywhere takes from each type of key. */
const ALGORITHMS = {
  RSA: { algorithm: 'AWS4-X509-RSA-SHA256', name: 'RSASSA_PKCS1_V1_5_SHA_256' },
  EC: { algorithm: 'AWS4-X509-ECDSA-SHA256', name: 'ECDSA_SHA_256' },
} as const;

/** An identity whose key never leaves KMS. Its answers are what is wanted: PKCS#1 v1.5, and DER for ECDSA. */
export function fromKms(init: FromKmsInit): X509IdentityProvider {
  const { certificate, client, keyId } = init;
  const { algorithm, name } = ALGORITHMS[init.keyType];
  const sign: SigningKey['sign'] = async (message) => {
    // KMS hashes up to 4,096 bytes itself; a string to sign has less than 200.
    const input = { KeyId: keyId, Message: message, MessageType: 'RAW', SigningAlgorithm: name } as const;
    const { Signature: signature } = await client.send(new SignCommand(input));
    if (signature === undefined) throw new Error(`the key ${keyId} answered without a signature`);
    return signature;
  };
  return () => createX509Identity({ certificate, key: { algorithm, sign } });
}
