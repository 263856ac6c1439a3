import { UsageError } from './errors.js';
import { exclusions, type CredentialFlagName, type CredentialFlags } from './flags.js';

/** Flags without which no session can be bought. */
const required = ['trust-anchor-arn', 'profile-arn', 'role-arn', 'certificate'] as const;

/** The flags, of which the required ones are there. */
export type UsableFlags = CredentialFlags & Readonly<Record<(typeof required)[number], string>>;

/**
 * Checks that the flags go together, before any file is read.
 *
 * @throws UsageError for flags that exclude each other; else one that names every flag that is missing, out of its
 * range or not supported
 */
export function judgeFlags(flags: CredentialFlags): UsableFlags {
  const conflicts = exclusions
    .filter(([one, other]) => flags[one] !== undefined && flags[other] !== undefined)
    .map(([one, other]) => `--${one} cannot be combined with --${other}; leave one of them out`);
  if (conflicts.length > 0) throw new UsageError(conflicts);
  const unsupported = findUnsupported(flags);
  const problems = [...unsupported, ...findMissing(flags, unsupported.length > 0), ...findOutOfRange(flags)];
  if (problems.length > 0 || !isComplete(flags)) throw new UsageError(problems);
  return flags;
}

function isComplete(flags: CredentialFlags): flags is UsableFlags {
  return required.every((name) => isGiven(flags[name]));
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

interface KeySource {
  /** What is not supported, in words. */
  readonly what: string;
  /** Flags that have a meaning only with this source. */
  readonly flags: readonly CredentialFlagName[];
  /** What a value of `--certificate` or `--private-key` looks like that names this source. */
  readonly form?: RegExp;
  readonly instead: string;
}

const keySources: readonly KeySource[] = [
  {
    what: 'the certificate stores of Windows and macOS',
    flags: ['cert-selector', 'system-store-name', 'use-latest-expiring-certificate'],
    instead: 'export certificate and key into PEM files',
  },
  {
    what: 'PKCS#11 tokens',
    flags: ['pkcs11-lib', 'reuse-pin'],
    form: /^pkcs11:/i,
    instead: 'use a key in a PEM file',
  },
  {
    what: 'keys in a TPM',
    flags: ['tpm-key-password', 'no-tpm-key-password'],
    form: /^handle:/i,
    instead: 'use a key in a PEM file',
  },
  {
    what: 'PKCS#12 files',
    flags: [],
    form: /\.(p12|pfx)$/i,
    instead:
      'convert the file with openssl pkcs12 -in FILE -out combined.pem, and give --certificate combined.pem',
  },
];

/** Each source of keys that the flags ask for and that is not there, once. */
function findUnsupported(flags: CredentialFlags): readonly string[] {
  return keySources.flatMap(({ what, flags: names, form, instead }) => {
    const given = names.filter((name) => flags[name] !== undefined && flags[name] !== false);
    const values = (['certificate', 'private-key'] as const).filter(
      (name) => form?.test(flags[name] ?? '') === true,
    );
    const asking = [...given, ...values].map((name) => `--${name}`);
    return asking.length === 0
      ? []
      : [
          `${asking.join(' and ')}: ${what} are not supported yet; ${instead}, or keep aws_signing_helper for this identity`,
        ];
  });
}

/** An empty value counts as none. A certificate that is in an unsupported place is not missing. */
function findMissing(flags: CredentialFlags, elsewhere: boolean): readonly string[] {
  const missing = required
    .filter((name) => !isGiven(flags[name]))
    .filter((name) => name !== 'certificate' || !elsewhere)
    .map((name) => `--${name}`);
  return missing.length === 0 ? [] : [`missing: ${missing.join(', ')}`];
}

/** @see "CreateSession" in the IAM Roles Anywhere User Guide: durationSeconds */
function findOutOfRange(flags: CredentialFlags): readonly string[] {
  const seconds = flags['session-duration'];
  if (seconds === undefined || (seconds >= 900 && seconds <= 43_200)) return [];
  return [
    `--session-duration is 900 to 43200 seconds, not ${seconds}; leave it out to let the profile decide`,
  ];
}
