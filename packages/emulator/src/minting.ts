import { randomBytes } from 'node:crypto';
import { base32Characters, type RandomBytes } from './random.js';

/** What a certificate earned: the AssumeRole that the service would make. */
export interface MintRequest {
  readonly roleArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly roleSessionName: string;
  readonly durationSeconds: number;
  readonly sourceIdentity: string;
  readonly sessionTags: Readonly<Record<string, string>>;
  /** The emulator's clock. */
  readonly issuedAt: Date;
}

/** Credentials, and whatever else a back end says about its session. */
export interface MintedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  /** Default: made from the role ARN and the session name. */
  readonly assumedRoleArn?: string;
  /** Default: made from the role ARN and the session name. */
  readonly assumedRoleId?: string;
  /** Percent. Default: estimated from the session tags. */
  readonly packedPolicySize?: number;
}

/**
 * Gives the credentials for a session that was granted. Rejects with `MintError` when the back end refuses or fails.
 */
export type Mint = (request: MintRequest) => Promise<MintedCredentials>;

/**
 * Credentials that are made up: right in form (`ASIA…`, 20 characters), recognisably not AWS's, and good for nothing
 * but a stand-in that asks `findSession`.
 *
 * @param init.random source of randomness; default `node:crypto`
 * @example createEmulator({ mint: mintMadeUp() })
 */
export function mintMadeUp(init: { readonly random?: RandomBytes } = {}): Mint {
  const { random = randomBytes } = init;
  const base64 = (bytes: number): string => Buffer.from(random(bytes)).toString('base64');
  return async ({ issuedAt, durationSeconds }) => ({
    accessKeyId: `ASIAEMULATOR${base32Characters(random(8))}`,
    secretAccessKey: `madeUpByTheEmulator/${base64(15)}`,
    sessionToken: `madeUpByTheEmulator/${base64(192)}`,
    expiration: wholeSeconds(issuedAt.getTime() + durationSeconds * 1000),
  });
}

/** The wire form has no fractions, and both sides should mean the same instant. */
function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}
