import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../src/errors.js';
import { credentialFlags, exclusions, type CredentialFlagName, type CredentialFlags } from '../src/flags.js';
import { judgeFlags } from '../src/judge-flags.js';

const good: CredentialFlags = {
  'trust-anchor-arn': 'a',
  'profile-arn': 'p',
  'role-arn': 'r',
  certificate: 'server.crt',
};

const problemsOf = (flags: CredentialFlags): readonly string[] => {
  try {
    judgeFlags(flags);
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
};

/** The flag with a value of its type; booleans false, because an exclusion counts the flag, not its value. */
const given = (name: CredentialFlagName): CredentialFlags => {
  const type = credentialFlags.find((flag) => flag.name === name)?.type;
  return { [name]: type === 'boolean' ? false : 'x' };
};

test('the required flags alone are enough', () => {
  expect(judgeFlags(good)).toBe(good);
});

describe('flags that exclude each other', () => {
  test('there are the fifteen pairs of aws_signing_helper, each once', () => {
    expect(new Set(exclusions.map((pair) => pair.toSorted().join(' '))).size).toBe(15);
    expect(exclusions).toHaveLength(15);
  });

  test.each(exclusions)('--%s and --%s', (one, other) => {
    const { certificate, ...others } = good;
    expect(certificate).toBeDefined();
    expect(problemsOf({ ...others, ...given(one), ...given(other) })).toEqual([
      `--${one} cannot be combined with --${other}; leave one of them out`,
    ]);
  });

  test.each([
    ['certificate', 'use-latest-expiring-certificate'],
    ['pkcs8-password', 'no-tpm-key-password'],
  ] as const)('--%s and --%s do not', (one, other) => {
    expect(problemsOf({ ...good, ...given(one), ...given(other) })).toEqual([]);
  });
});

describe('what is missing', () => {
  test('every missing flag is named at once', () => {
    expect(problemsOf({})).toEqual(['missing: --trust-anchor-arn, --profile-arn, --role-arn, --certificate']);
  });

  test('an empty value counts as none', () => {
    expect(problemsOf({ ...good, 'role-arn': '' })).toEqual(['missing: --role-arn']);
  });

  test('a private key alone asks for the certificate', () => {
    const { certificate, ...others } = good;
    expect(certificate).toBeDefined();
    expect(problemsOf({ ...others, 'private-key': 'server.key' })).toEqual(['missing: --certificate']);
  });
});

describe('the session duration', () => {
  test.each([900, 3600, 43_200])('%d is in range', (seconds) => {
    expect(problemsOf({ ...good, 'session-duration': seconds })).toEqual([]);
  });

  test.each([0, -1, 899, 43_201, 2_147_483_648])('%d is out of range', (seconds) => {
    expect(problemsOf({ ...good, 'session-duration': seconds })).toEqual([
      `--session-duration is 900 to 43200 seconds, not ${seconds}; leave it out to let the profile decide`,
    ]);
  });
});

describe('key sources that are not supported', () => {
  test.each<[CredentialFlags, string]>([
    [{ 'cert-selector': 'Key=x509Subject,Value=CN=x' }, '--cert-selector: the certificate stores'],
    [{ 'system-store-name': 'MY' }, '--system-store-name: the certificate stores'],
    [
      { 'use-latest-expiring-certificate': true },
      '--use-latest-expiring-certificate: the certificate stores',
    ],
    [{ certificate: 'pkcs11:token=x' }, '--certificate: PKCS#11 tokens are not supported yet'],
    [{ ...good, 'private-key': 'pkcs11:object=y' }, '--private-key: PKCS#11 tokens'],
    [{ ...good, 'pkcs11-lib': '/usr/lib/x.so' }, '--pkcs11-lib: PKCS#11 tokens'],
    [{ ...good, 'reuse-pin': true }, '--reuse-pin: PKCS#11 tokens'],
    [{ ...good, 'private-key': 'handle:0x81000001' }, '--private-key: keys in a TPM'],
    [{ ...good, 'tpm-key-password': 'secret' }, '--tpm-key-password: keys in a TPM'],
    [{ ...good, 'no-tpm-key-password': true }, '--no-tpm-key-password: keys in a TPM'],
    [{ ...good, certificate: 'server.P12' }, '--certificate: PKCS#12 files'],
  ])('%j', (flags, beginning) => {
    const { certificate, ...others } = good;
    expect(certificate).toBeDefined();
    const problems = problemsOf({ ...others, ...flags });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(beginning)).toBe(true);
    expect(problems[0]).toContain('or keep aws_signing_helper for this identity');
    expect(problems[0]).not.toContain('secret');
  });

  test('a false boolean asks for nothing', () => {
    expect(problemsOf({ ...good, 'reuse-pin': false, 'no-tpm-key-password': false })).toEqual([]);
  });

  test('flags of one source are named together', () => {
    const problems = problemsOf({
      ...good,
      certificate: 'pkcs11:a',
      'private-key': 'pkcs11:b',
      'reuse-pin': true,
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('--reuse-pin and --certificate and --private-key');
  });
});
