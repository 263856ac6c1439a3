import type { TextName } from './text-source.js';

/** One setting of a profile: a flag of `aws_signing_helper credential-process`, or a line in a `rolesanywhere` block. */
export interface FlagMeaning {
  readonly type: 'text' | 'boolean';
  /** The setting; undefined for what changes nothing here. */
  readonly name?: TextName;
  /** Why it cannot be honoured, and what to do. */
  readonly refusal?: string;
}

const store = 'the certificate stores of Windows and macOS are not supported; name PEM files';
const token =
  'keys in tokens are not supported by configuration; name PEM files, or give an identity in code';
const tpm = 'keys in a TPM are not supported by configuration; name PEM files, or give an identity in code';

/**
 * The flags of AWS's `aws_signing_helper`, version 1.8.
 * @see IAM Roles Anywhere User Guide, "Get temporary security credentials from IAM Roles Anywhere"
 */
export const flagMeanings: ReadonlyMap<string, FlagMeaning> = new Map<string, FlagMeaning>([
  ['trust-anchor-arn', { type: 'text', name: 'trustAnchorArn' }],
  ['profile-arn', { type: 'text', name: 'profileArn' }],
  ['role-arn', { type: 'text', name: 'roleArn' }],
  ['certificate', { type: 'text', name: 'certificate' }],
  ['private-key', { type: 'text', name: 'privateKey' }],
  ['intermediates', { type: 'text', name: 'chain' }],
  ['pkcs8-password', { type: 'text', name: 'passphrase' }],
  ['session-duration', { type: 'text', name: 'durationSeconds' }],
  ['role-session-name', { type: 'text', name: 'roleSessionName' }],
  ['region', { type: 'text', name: 'region' }],
  ['endpoint', { type: 'text', name: 'endpoint' }],
  ['no-verify-ssl', { type: 'boolean', name: 'noVerifySsl' }],
  ['with-proxy', { type: 'boolean' }],
  ['debug', { type: 'boolean' }],
  ['cert-selector', { type: 'text', refusal: store }],
  ['system-store-name', { type: 'text', refusal: store }],
  ['use-latest-expiring-certificate', { type: 'boolean', refusal: store }],
  ['pkcs11-lib', { type: 'text', refusal: token }],
  ['reuse-pin', { type: 'boolean', refusal: token }],
  ['tpm-key-password', { type: 'text', refusal: tpm }],
  ['no-tpm-key-password', { type: 'boolean', refusal: tpm }],
]);

/** What a block takes: the same, and the passphrase from a file, which the helper has no flag for. */
export const blockMeanings: ReadonlyMap<string, FlagMeaning> = new Map([
  ...flagMeanings,
  ['passphrase-file', { type: 'text', name: 'passphraseFile' }] as const,
]);

/** Why a certificate or key of this form cannot be honoured; undefined for a path or a PEM text. */
export function refuseKeySource(text: string): string | undefined {
  if (/^pkcs11:/i.test(text)) return token;
  return /^handle:/i.test(text) ? tpm : undefined;
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'true'].map((text) => [text, true] as const),
  ...['0', 'f', 'false'].map((text) => [text, false] as const),
]);

/** Reads a boolean as Go's flags do; undefined for anything else. */
export function readBoolean(text: string): boolean | undefined {
  return truths.get(text.toLowerCase());
}
