/** One flag of a command. */
export interface FlagDefinition {
  /** Without the two hyphens. */
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean';
  /** Stands for the value in the help; absent for booleans. */
  readonly placeholder?: string;
  readonly summary: string;
}

/** The values of the flags that were given, by name. A flag that was not given is absent, whatever its default. */
export type FlagValues<D extends readonly FlagDefinition[]> = {
  readonly [F in D[number] as F['name']]?: F['type'] extends 'boolean'
    ? boolean
    : F['type'] extends 'integer'
      ? number
      : string;
};

/**
 * The flags of every command that buys a session: those of AWS's `aws_signing_helper`, version 1.8.
 * A default is not written here: a flag that is absent is not sent, so that the profile decides.
 */
export const credentialFlags = [
  {
    name: 'trust-anchor-arn',
    type: 'string',
    placeholder: 'ARN',
    summary: 'Trust anchor that vouches for the certificate (required)',
  },
  { name: 'profile-arn', type: 'string', placeholder: 'ARN', summary: 'Roles Anywhere profile (required)' },
  { name: 'role-arn', type: 'string', placeholder: 'ARN', summary: 'Role to assume (required)' },
  {
    name: 'certificate',
    type: 'string',
    placeholder: 'FILE',
    summary: 'Certificate, PEM or DER; may hold the chain and the private key too (required)',
  },
  {
    name: 'private-key',
    type: 'string',
    placeholder: 'FILE',
    summary: 'Private key, PEM or DER; when absent it is looked for in the certificate file',
  },
  {
    name: 'intermediates',
    type: 'string',
    placeholder: 'FILE',
    summary: 'Intermediate certificates, PEM, in any order',
  },
  {
    name: 'pkcs8-password',
    type: 'string',
    placeholder: 'TEXT',
    summary: 'Passphrase of an encrypted private key; other users of the machine can see it',
  },
  {
    name: 'session-duration',
    type: 'integer',
    placeholder: 'SECONDS',
    summary: '900 to 43200; when absent the profile decides',
  },
  {
    name: 'role-session-name',
    type: 'string',
    placeholder: 'NAME',
    summary: "Name of the session; when absent the certificate's serial number in hexadecimal",
  },
  {
    name: 'region',
    type: 'string',
    placeholder: 'REGION',
    summary: "Region of the call; when absent that of the trust anchor's ARN",
  },
  {
    name: 'endpoint',
    type: 'string',
    placeholder: 'URL',
    summary: 'Where CreateSession is sent, instead of the endpoint of the region',
  },
  {
    name: 'with-proxy',
    type: 'boolean',
    summary: 'Accepted; HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured without it',
  },
  { name: 'no-verify-ssl', type: 'boolean', summary: "Do not verify the endpoint's TLS certificate" },
  { name: 'debug', type: 'boolean', summary: 'Say on stderr what is done; never a secret' },
  {
    name: 'cert-selector',
    type: 'string',
    placeholder: 'TEXT',
    summary: 'Certificate of an operating-system store (not supported yet)',
  },
  {
    name: 'system-store-name',
    type: 'string',
    placeholder: 'NAME',
    summary: 'Certificate store of Windows (not supported yet)',
  },
  {
    name: 'use-latest-expiring-certificate',
    type: 'boolean',
    summary: 'Of several matches in a store take the last to expire (not supported yet)',
  },
  {
    name: 'pkcs11-lib',
    type: 'string',
    placeholder: 'FILE',
    summary: 'PKCS#11 module of a token (not supported yet)',
  },
  {
    name: 'reuse-pin',
    type: 'boolean',
    summary: 'Use the PIN of a token for each signature (not supported yet)',
  },
  {
    name: 'tpm-key-password',
    type: 'string',
    placeholder: 'TEXT',
    summary: 'Password of a key in a TPM (not supported yet)',
  },
  {
    name: 'no-tpm-key-password',
    type: 'boolean',
    summary: 'The key in a TPM has no password (not supported yet)',
  },
] as const satisfies readonly FlagDefinition[];

/** The values of {@link credentialFlags}. */
export type CredentialFlags = FlagValues<typeof credentialFlags>;

/** The name of one of {@link credentialFlags}. */
export type CredentialFlagName = (typeof credentialFlags)[number]['name'];

/** Pairs that exclude each other as soon as both are given, whatever their values: those of `aws_signing_helper`. */
export const exclusions: readonly (readonly [CredentialFlagName, CredentialFlagName])[] = [
  ['certificate', 'cert-selector'],
  ['certificate', 'system-store-name'],
  ['private-key', 'cert-selector'],
  ['private-key', 'system-store-name'],
  ['private-key', 'use-latest-expiring-certificate'],
  ['use-latest-expiring-certificate', 'intermediates'],
  ['use-latest-expiring-certificate', 'reuse-pin'],
  ['cert-selector', 'intermediates'],
  ['cert-selector', 'reuse-pin'],
  ['cert-selector', 'tpm-key-password'],
  ['cert-selector', 'no-tpm-key-password'],
  ['system-store-name', 'reuse-pin'],
  ['tpm-key-password', 'reuse-pin'],
  ['tpm-key-password', 'no-tpm-key-password'],
  ['tpm-key-password', 'pkcs8-password'],
];
