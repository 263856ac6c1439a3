import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, property, string } from 'fast-check';
import { readCredentialProcess } from '../../src/config/credential-process-source.js';
import { splitPosixCommand } from '../../src/config/split-command.js';

const place = 'profile x in config, credential_process';

function read(line: string): Record<string, string> {
  const source = readCredentialProcess(line, place, splitPosixCommand);
  if (source === undefined) throw new Error('Not ours.');
  expect([...source.problems, ...source.identityProblems]).toEqual([]);
  return Object.fromEntries([...source.texts].map(([name, { text }]) => [name, text]));
}

function problemsOf(flags: string): readonly string[] {
  const line = `aws_signing_helper credential-process ${flags}`;
  const source = readCredentialProcess(line, place, splitPosixCommand);
  const { problems = [], identityProblems = [] } = source ?? {};
  return [...problems, ...identityProblems].map(({ message }) => message);
}

describe('a credential_process line', () => {
  test.each([
    '/usr/local/bin/aws_signing_helper',
    './aws_signing_helper',
    'aws_signing_helper.exe',
    '"/opt/with space/aws_signing_helper"',
    'rolesanywhere',
    '/usr/bin/rolesanywhere',
  ])('of %s is read', (program) => {
    expect(read(`${program} credential-process --role-arn r`)).toEqual({ roleArn: 'r' });
  });

  test.each([
    '/bin/cat credentials.json',
    'aws_signing_helper serve --role-arn r',
    'my_aws_signing_helper credential-process --role-arn r',
    'sh -c "aws_signing_helper credential-process"',
    'broken "quote',
    '',
  ])('of another program is not ours: %s', (line) => {
    expect(readCredentialProcess(line, place, splitPosixCommand)).toBeUndefined();
  });

  test('gives every flag that has a meaning', () => {
    const flags =
      '--trust-anchor-arn t --profile-arn p --role-arn r --certificate c --private-key k --intermediates i ' +
      '--pkcs8-password w --session-duration 900 --role-session-name n --region g --endpoint e --no-verify-ssl --with-proxy --debug';
    expect(read(`aws_signing_helper credential-process ${flags}`)).toEqual({
      trustAnchorArn: 't',
      profileArn: 'p',
      roleArn: 'r',
      certificate: 'c',
      privateKey: 'k',
      chain: 'i',
      passphrase: 'w',
      durationSeconds: '900',
      roleSessionName: 'n',
      region: 'g',
      endpoint: 'e',
      noVerifySsl: 'true',
    });
  });

  test.each([
    ['--role-arn=r', { roleArn: 'r' }],
    ['-role-arn r', { roleArn: 'r' }],
    ['-role-arn=r', { roleArn: 'r' }],
    ['--role-arn a --role-arn b', { roleArn: 'b' }],
    ['--role-arn a=b', { roleArn: 'a=b' }],
    ['--role-session-name -x', { roleSessionName: '-x' }],
    ['--region ""', {}],
    ['--no-verify-ssl=false', {}],
    ['--no-verify-ssl=T', { noVerifySsl: 'T' }],
    ['--reuse-pin=false', {}],
  ])('takes the flag form %s', (flags, texts) => {
    expect(read(`aws_signing_helper credential-process ${flags}`)).toEqual(texts);
  });

  test.each([
    ['--role-arm r', 'the flag --role-arm (profile x in config, credential_process) is not known'],
    ['--role-arn', 'role-arn (profile x in config, credential_process) needs a value'],
    [
      '--no-verify-ssl=maybe',
      'no-verify-ssl (profile x in config, credential_process) must be true or false',
    ],
    ['--role-arn r stray', 'belongs to no flag; quote a value that holds a space'],
    ['--role-arn r \\', 'ends with a back-slash'],
    ['--certificate $HOME/c', "holds the shell's '$'"],
    ['--cert-selector x', 'cert-selector (profile x in config, credential_process) cannot be honoured'],
    ['--pkcs11-lib x', 'pkcs11-lib (profile x in config, credential_process) cannot be honoured'],
    ['--no-tpm-key-password', 'no-tpm-key-password (profile x in config, credential_process) cannot'],
  ])('with %s is refused by name and place', (flags, message) => {
    expect(problemsOf(flags).join('\n')).toContain(message);
  });

  test.each(['--pkcs8-password open sesame', '-open-sesame', '--tpm-key-password sesame', '--debug=sesame'])(
    'never repeats what may be a secret: %s',
    (flags) => {
      expect(problemsOf(flags).length).toBeGreaterThan(0);
      expect(problemsOf(flags).join()).not.toContain('sesame');
    },
  );

  test('of any form at all is read or refused, and no text of it is repeated', () => {
    const secret = string({ minLength: 12, maxLength: 30 });
    const before = constantFrom(
      '--pkcs8-password ',
      '--debug=',
      '--role-arn r ',
      "'",
      '"',
      '-',
      '--x=',
      '\\',
    );
    assert(
      property(array(before, { maxLength: 4 }), secret, (start, word) => {
        const said = problemsOf(`${start.join('')}${word}`).join('\n');
        expect(/[^\w\s-]{3}/.test(word) && said.includes(word)).toBe(false);
      }),
    );
  });
});
