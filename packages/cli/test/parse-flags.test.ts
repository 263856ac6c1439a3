import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../src/errors.js';
import { credentialFlags } from '../src/flags.js';
import { parseFlags } from '../src/parse-flags.js';

const parse = (...args: string[]) => parseFlags(args, credentialFlags);
const problemsOf = (...args: string[]): readonly string[] => {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
};
const named = (type: string) => credentialFlags.filter((flag) => flag.type === type).map(({ name }) => name);

describe('every flag', () => {
  test.each(named('string'))('--%s takes the next argument or what follows =', (name) => {
    expect(parse(`--${name}`, 'some value').values).toEqual({ [name]: 'some value' });
    expect(parse(`--${name}=some=value`).values).toEqual({ [name]: 'some=value' });
    expect(parse(`--${name}=`).values).toEqual({ [name]: '' });
  });

  test.each(named('boolean'))('--%s stands alone or takes a truth after =', (name) => {
    expect(parse(`--${name}`).values).toEqual({ [name]: true });
    expect(parse(`--${name}=false`).values).toEqual({ [name]: false });
    expect(parse(`--${name}=T`).values).toEqual({ [name]: true });
    expect(problemsOf(`--${name}=maybe`)).toEqual([`--${name} is true or false, not 'maybe'`]);
  });

  test.each([...named('string'), ...named('integer')])('--%s without a value is named', (name) => {
    expect(problemsOf(`--${name}`)).toEqual([`--${name} needs a value`]);
  });
});

describe('as the flags of aws_signing_helper', () => {
  test('the last of several wins', () => {
    expect(parse('--region', 'eu-west-1', '--region=us-east-1').values).toEqual({ region: 'us-east-1' });
  });

  test('a value may begin with hyphens', () => {
    expect(parse('--role-session-name', '--debug').values).toEqual({ 'role-session-name': '--debug' });
  });

  test.each([
    ['--session-duration', '900', 900],
    ['--session-duration', '-1', -1],
  ])('%s %s is a whole number', (flag, text, value) => {
    expect(parse(flag, text).values).toEqual({ 'session-duration': value });
  });

  test.each(['abc', '1h', '', '9.5', '1e3', '0x384'])('--session-duration %j is refused', (text) => {
    expect(problemsOf('--session-duration', text)).toEqual([
      `--session-duration needs a whole number, not '${text}'`,
    ]);
  });

  test.each(['--help', '-h'])('%s asks for help, whatever else is wrong', (flag) => {
    expect(parse('--nonsense', flag).helpWanted).toBe(true);
  });

  test('--help as the value of a flag does not ask for help', () => {
    expect(parse('--region', '--help')).toEqual({ values: { region: '--help' }, helpWanted: false });
  });
});

describe('what is wrong', () => {
  test.each([
    ['--privat-key', 'unknown flag --privat-key; did you mean --private-key?'],
    ['--trust-anchor', 'unknown flag --trust-anchor; did you mean --trust-anchor-arn?'],
    ['--Region=x', 'unknown flag --Region; did you mean --region?'],
    ['-certificate', 'unknown flag -certificate; did you mean --certificate?'],
    ['-debug=true', 'unknown flag -debug; did you mean --debug?'],
    ['--colour', 'unknown flag --colour'],
    ['-x', 'unknown flag with a single hyphen; flags begin with --'],
  ])('%s: %s', (flag, problem) => {
    expect(problemsOf(flag, 'value')).toEqual([problem]);
  });

  test('every mistake is named at once', () => {
    expect(problemsOf('--nonsense', '--debug=2', '--session-duration=x', '--region')).toHaveLength(4);
  });

  test('an argument that belongs to no flag is located, not repeated', () => {
    const [problem] = problemsOf('--pkcs8-password', 'two', 'words');
    expect(problem).toContain('after --pkcs8-password belongs to no flag');
    expect(problem).not.toContain('words');
  });

  test('a boolean with its value in the next argument says how it is written', () => {
    expect(problemsOf('--with-proxy', 'false')[0]).toContain('give a boolean as --flag=false');
  });

  test('a back-slash left in a configuration file is recognised', () => {
    expect(problemsOf(' --certificate', 'server.crt')[0]).toContain('without back-slashes');
  });

  test('what follows -- belongs to no flag', () => {
    expect(problemsOf('--debug', '--', '--region')[0]).toContain('after --debug');
  });

  test('a secret behind an unknown flag is not repeated', () => {
    expect(problemsOf('--pkcs8-pasword=hunter2').join()).not.toContain('hunter2');
    expect(problemsOf('-phunter2').join()).not.toContain('hunter2');
  });
});
