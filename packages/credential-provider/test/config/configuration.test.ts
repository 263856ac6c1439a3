import { afterEach, describe, expect, test } from '@jest/globals';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { createConfigurationFinder, type Configuration } from '../../src/config/configuration.js';
import type { FromRolesAnywhereInit } from '../../src/config/from-roles-anywhere-init.js';
import { testIdentity } from '../support/identity.js';
import { arns, rejectionOf } from '../support/options.js';
import { createSharedFiles, type SharedFiles } from '../support/shared-files.js';

const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
const issued = await issueCertificate({ subject: 'CN=server', issuer, keyAlgorithm: { type: 'EC' } });
const other = await issueCertificate({ subject: 'CN=other', issuer, keyAlgorithm: { type: 'EC' } });

let files: SharedFiles | undefined;
afterEach(() => {
  files?.remove();
  files = undefined;
});

function share(config: string): SharedFiles {
  files?.remove();
  files = createSharedFiles(config);
  return files;
}

function find(init: FromRolesAnywhereInit = {}, callerProfile?: string): Promise<Configuration> {
  return createConfigurationFinder(init)(callerProfile);
}

async function problemOf(init: FromRolesAnywhereInit = {}): Promise<string> {
  return String(await rejectionOf(find(init)));
}

const line = (...more: readonly string[]): string =>
  `credential_process = /usr/bin/aws_signing_helper credential-process --trust-anchor-arn ${arns.trustAnchorArn} ` +
  `--profile-arn ${arns.profileArn} --role-arn ${arns.roleArn} ${more.join(' ')}`;
const complete = line('--certificate c.pem --private-key k.pem');
const environmentArns = {
  ROLES_ANYWHERE_TRUST_ANCHOR_ARN: arns.trustAnchorArn,
  ROLES_ANYWHERE_PROFILE_ARN: arns.profileArn,
  ROLES_ANYWHERE_ROLE_ARN: arns.roleArn,
};

describe('each field', () => {
  const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
  const rolesAnywhere = (type: string) => (name: string) =>
    `arn:aws:rolesanywhere:eu-central-1:111122223333:${type}/${name}`;
  const anchor = rolesAnywhere('trust-anchor');
  const profile = rolesAnywhere('profile');
  const places = ['option', 'environment', 'block', 'line'] as const;
  const fields = [
    ['trustAnchorArn', 'TRUST_ANCHOR_ARN', 'trust-anchor-arn', places.map(anchor)],
    ['profileArn', 'PROFILE_ARN', 'profile-arn', places.map(profile)],
    ['roleArn', 'ROLE_ARN', 'role-arn', places.map(role)],
    ['roleSessionName', 'ROLE_SESSION_NAME', 'role-session-name', [...places]],
    ['durationSeconds', 'SESSION_DURATION', 'session-duration', [900, 901, 902, 903]],
  ] as const;

  test.each(
    fields.flatMap(([name, variable, flag, values]) =>
      places.map((place, index) => ({ name, variable, flag, values, place, index })),
    ),
  )('$name comes from the $place when no earlier place has it', async ({ index, ...field }) => {
    const { name, variable, flag, values } = field;
    const [option, inEnvironment, inBlock, inLine] = values;
    const others = fields.flatMap(([, , otherFlag, otherValues]) =>
      otherFlag === flag ? [] : [`--${otherFlag} ${otherValues[3]}`],
    );
    const command = `aws_signing_helper credential-process --${flag} ${inLine} --certificate c ${others.join(' ')}`;
    const block = index <= 2 ? `rolesanywhere =\n  ${flag} = ${inBlock}\n` : '';
    const shared = share(`[default]\n${block}credential_process = ${command}\n`);
    if (index <= 1) shared.setEnvironment({ [`ROLES_ANYWHERE_${variable}`]: String(inEnvironment) });
    const { settings } = await find(index === 0 ? { [name]: option } : {});
    expect(settings[name]).toBe(values[index]);
  });

  test('of the block may be spelled with underscores', async () => {
    const { trustAnchorArn, profileArn, roleArn } = arns;
    share(
      `[default]\nrolesanywhere =\n  trust_anchor_arn = ${trustAnchorArn}\n  profile_arn = ${profileArn}\n` +
        `  role_arn = ${roleArn}\n  certificate = c.pem\n  private_key = k.pem\n`,
    );
    expect((await find()).settings).toMatchObject(arns);
  });

  test('of the profile is left alone by a program that says everything itself', async () => {
    share(`[default]\n${complete} --session-duration 900 --region us-west-2 --nonsense\n`);
    const { settings, clientConfig } = await find({ ...arns, identity: testIdentity() });
    expect(settings.durationSeconds).toBeUndefined();
    expect(clientConfig.region).toBeUndefined();
  });

  test('of a profile that is named by option counts all the same', async () => {
    share(`[profile x]\n${complete} --session-duration 900\n`);
    const { settings } = await find({ ...arns, identity: testIdentity(), profile: 'x' });
    expect(settings.durationSeconds).toBe(900);
  });
});

describe('the identity', () => {
  const subjectOf = async ({ settings: { identity } }: Configuration): Promise<string> =>
    (typeof identity === 'function' ? await identity() : identity).certificate.subject;

  function writeKeys(shared: SharedFiles): string {
    shared.write('c.pem', issued.certificatePem);
    shared.write('k.pem', issued.privateKeyPem);
    shared.write('other.pem', other.certificatePem + other.privateKeyPem);
    return shared.folder;
  }
  const environmentIdentity = {
    ROLES_ANYWHERE_CERTIFICATE: issued.certificatePem,
    ROLES_ANYWHERE_PRIVATE_KEY: issued.privateKeyPem,
  };

  test('given as an option beats all', async () => {
    const shared = share(`[default]\n${complete} --reuse-pin\n`);
    shared.setEnvironment(environmentIdentity);
    const identity = testIdentity();
    expect((await find({ identity })).settings).toMatchObject({ ...arns, identity });
  });

  test('is certificate and key of one place together: those of the environment before those of the profile', async () => {
    const shared = share('');
    const folder = writeKeys(shared);
    shared.write('config', `[default]\n${line(`--certificate '${folder}/other.pem'`)}\n`);
    expect(await subjectOf(await find())).toContain('other');
    shared.setEnvironment(environmentIdentity);
    expect(await subjectOf(await find())).toContain('server');
  });

  test('may be PEM texts whose line ends are written as \\n', async () => {
    const shared = share(`[default]\n${complete}\n`);
    const oneLine = (pem: string): string => pem.replaceAll('\n', String.raw`\n`);
    shared.setEnvironment({
      ROLES_ANYWHERE_CERTIFICATE: oneLine(issued.certificatePem),
      ROLES_ANYWHERE_PRIVATE_KEY: oneLine(issued.privateKeyPem),
    });
    expect(await subjectOf(await find())).toContain('server');
  });

  test('is found in the home directory by ~', async () => {
    const shared = share(`[default]\n${line('--certificate ~/c.pem --private-key ~/k.pem')}\n`);
    shared.setEnvironment({ HOME: writeKeys(shared) });
    expect(await subjectOf(await find())).toContain('server');
  });

  test('is opened by a passphrase from a file, whose last line end does not count', async () => {
    const { createPrivateKey } = await import('node:crypto');
    const options = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'sesame' } as const;
    const encrypted = createPrivateKey(issued.privateKeyPem).export(options);
    const shared = share('');
    const folder = writeKeys(shared);
    shared.write('k.pem', String(encrypted));
    shared.write('passphrase', 'sesame\n');
    shared.write(
      'config',
      `[default]\n${line(`--certificate '${folder}/c.pem' --private-key '${folder}/k.pem'`)}\n`,
    );
    shared.setEnvironment({ ROLES_ANYWHERE_PASSPHRASE_FILE: `${folder}/passphrase` });
    expect(await subjectOf(await find())).toContain('server');
    shared.setEnvironment({ ROLES_ANYWHERE_PASSPHRASE_FILE: `${folder}/nowhere` });
    const error = await rejectionOf(subjectOf(await find()));
    expect(error).toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
    expect(String(error)).toContain(`${folder}/nowhere`);
  });

  test('has the intermediates that stand beside it', async () => {
    const middle = await issueCertificateAuthority({
      subject: 'CN=Middle',
      issuer,
      keyAlgorithm: { type: 'EC' },
    });
    const leaf = await issueCertificate({
      subject: 'CN=leaf',
      issuer: middle,
      keyAlgorithm: { type: 'EC' },
    });
    share('').setEnvironment({
      ...environmentArns,
      ROLES_ANYWHERE_CERTIFICATE: leaf.certificatePem + leaf.privateKeyPem,
      ROLES_ANYWHERE_INTERMEDIATES: middle.certificatePem,
    });
    const { identity } = (await find()).settings;
    const { chain } = typeof identity === 'function' ? await identity() : identity;
    expect(chain.map(({ subject }) => subject)).toEqual([expect.stringContaining('Middle')]);
  });

  test('is kept for as long as the same is configured', async () => {
    const shared = share(`[default]\n${complete}\n`);
    const findAgain = createConfigurationFinder({ ignoreCache: true });
    const { identity } = (await findAgain(undefined)).settings;
    expect((await findAgain(undefined)).settings.identity).toBe(identity);
    shared.write('config', `[default]\n${line('--certificate new.pem')}\n`);
    expect((await findAgain(undefined)).settings.identity).not.toBe(identity);
  });

  test.each([
    [
      { ROLES_ANYWHERE_PRIVATE_KEY: 'k.pem' },
      'certificate is missing beside privateKey (environment variable ROLES_ANYWHERE_PRIVATE_KEY)',
    ],
    [{ ROLES_ANYWHERE_CERTIFICATE: 'pkcs11:token=x;pin-value=sesame' }, 'cannot be honoured: keys in tokens'],
    [{ ROLES_ANYWHERE_CERTIFICATE: 'c', ROLES_ANYWHERE_PRIVATE_KEY: 'handle:0x81000001' }, 'keys in a TPM'],
    [
      { ROLES_ANYWHERE_CERTIFICATE: 'c', ROLES_ANYWHERE_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----sesame' },
      'must all be paths, or all be PEM texts',
    ],
    [
      {
        ROLES_ANYWHERE_CERTIFICATE: 'c',
        ROLES_ANYWHERE_PASSPHRASE: 'sesame',
        ROLES_ANYWHERE_PASSPHRASE_FILE: 'f',
      },
      'exclude each other',
    ],
  ])('that cannot be used is refused, and its content not repeated: %#', async (variables, message) => {
    share('').setEnvironment({ ...environmentArns, ...variables });
    const problem = await problemOf();
    expect(problem).toContain(message);
    expect(problem).not.toContain('sesame');
    expect(problem).not.toContain('identity is missing');
  });
});

describe('the profile', () => {
  const config = ['one', 'two', 'three', 'default']
    .map(
      (name) =>
        `[${name === 'default' ? name : `profile ${name}`}]\n${complete} --role-session-name ${name}\n`,
    )
    .join('');

  const variables = { AWS_PROFILE: 'three' };
  test.each([
    { name: 'default', variables: {} },
    { name: 'three', variables },
    { name: 'two', callerProfile: 'two', variables },
    { name: 'one', init: { profile: 'one' }, callerProfile: 'two', variables },
  ])('is $name', async ({ name, init = {}, callerProfile, variables: set }) => {
    share(config).setEnvironment(set);
    const { settings } = await find(init, callerProfile);
    expect(settings.roleSessionName).toBe(name);
  });

  test('is read from the files that the options name', async () => {
    const shared = share('');
    const configFilepath = shared.write('elsewhere', `[profile x]\n${complete}\n`);
    const filepath = shared.write('secret', '[x]\nrolesanywhere =\n  role-session-name = from-credentials\n');
    const { settings } = await find({ profile: 'x', configFilepath, filepath });
    expect(settings).toMatchObject({ ...arns, roleSessionName: 'from-credentials' });
  });

  test('is read again after a mistake, and not before unless ignoreCache is set', async () => {
    const shared = share(`[default]\n${complete} --session-duration 1\n`);
    const findAgain = createConfigurationFinder({});
    await expect(findAgain(undefined)).rejects.toThrow('session-duration');
    shared.write('config', `[default]\n${complete} --session-duration 901\n`);
    expect((await findAgain(undefined)).settings.durationSeconds).toBe(901);
    shared.write('config', `[default]\n${complete} --session-duration 902\n`);
    expect((await findAgain(undefined)).settings.durationSeconds).toBe(901);
    expect((await find({ ignoreCache: true })).settings.durationSeconds).toBe(902);
  });
});

describe('mistakes', () => {
  test('are reported all at once, each with its place', async () => {
    const shared = share(
      `[profile mi-servidor]\nrolesanywhere =\n  profil-arn = x\n  region = x y\n` +
        `credential_process = aws_signing_helper credential-process --session-duration 1 --certificate c.pem --trust-anchor-arn x\nmax_attempts = none\n`,
    );
    shared.setEnvironment({
      AWS_PROFILE: 'mi-servidor',
      ROLES_ANYWHERE_ROLE_ARN: 'Uploader',
      AWS_ENDPOINT_URL_ROLESANYWHERE: 'https://user:sesame@x.example',
      AWS_USE_FIPS_ENDPOINT: 'perhaps',
    });
    const problem = await problemOf({ roleSessionName: ' ' });
    const file = shared.configFilepath;
    for (const part of [
      `profil-arn (profile mi-servidor in ${file}, rolesanywhere) is not known`,
      `region (profile mi-servidor in ${file}, rolesanywhere) must be a region name`,
      `session-duration (profile mi-servidor in ${file}, credential_process) must be a whole number`,
      `trust-anchor-arn (profile mi-servidor in ${file}, credential_process) is not an ARN`,
      `max_attempts (profile mi-servidor in ${file}) must be a whole number`,
      'roleArn (environment variable ROLES_ANYWHERE_ROLE_ARN) is not an ARN',
      'endpoint (environment variable AWS_ENDPOINT_URL_ROLESANYWHERE) must hold neither',
      'useFipsEndpoint (environment variable AWS_USE_FIPS_ENDPOINT) must be true or false',
      'roleSessionName (options) must be',
      'profileArn is missing',
    ]) {
      expect(problem).toContain(part);
    }
    expect(problem).toContain('10 problems');
    expect(problem).not.toContain('sesame');
  });

  test('in the names of profile and files are mistakes like others', async () => {
    share('');
    // @ts-expect-error a caller without types
    expect(await problemOf({ ...arns, identity: testIdentity(), profile: 7 })).toContain('profile (options)');
  });
});

describe('nothing configured', () => {
  test.each([
    ['no file says anything', ''],
    [
      'the profile has the credential_process of another program',
      '[default]\ncredential_process = /bin/other\n',
    ],
    ['only call settings are wrong', '[default]\nmax_attempts = none\n'],
  ])('says where it looked and lets a chain go on when %s', async (_case, config) => {
    const shared = share(config);
    const error = await rejectionOf(find());
    expect(error).toMatchObject({ code: 'NOT_CONFIGURED', tryNextLink: true });
    for (const part of [
      'options',
      'ROLES_ANYWHERE_TRUST_ANCHOR_ARN',
      'ROLES_ANYWHERE_PRIVATE_KEY',
      'profile default',
      shared.configFilepath,
      shared.filepath,
    ]) {
      expect(String(error)).toContain(part);
    }
  });
});
