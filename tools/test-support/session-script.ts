/** A program that a stranger could write: a session from the packed packages, all in one process. */

const BODY = `
async function main() {
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
  const server = await issueCertificate({ subject: 'CN=stranger', issuer, serialNumber: 0x1234n, keyAlgorithm: { type: 'EC' } });
  const emulator = createEmulator({ region: 'eu-central-1' });
  const { trustAnchorArn } = emulator.createTrustAnchor({ name: 'ca', certificates: issuer.certificatePem });
  const { roleArn } = emulator.createRole({
    roleName: 'ExampleRole',
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Principal: { Service: 'rolesanywhere.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      }],
    },
  });
  const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });
  const listening = await emulator.listen();
  const credentials = fromRolesAnywhere({
    trustAnchorArn, profileArn, roleArn,
    identity: fromPem({ certificate: server.certificatePem, privateKey: server.privateKeyPem }),
    clientConfig: { endpoint: listening.url },
  });
  const { accessKeyId, accountId, expiration } = await credentials();
  await listening.close();
  return { known: emulator.findSession(accessKeyId).assumedRoleArn, accountId, lives: expiration > new Date() };
}
`;

const PARTS: readonly (readonly [packageName: string, names: string])[] = [
  ['@rolesanywhere/credential-provider', '{ fromPem, fromRolesAnywhere }'],
  ['@rolesanywhere/emulator', '{ createEmulator }'],
  ['@rolesanywhere/pki', '{ issueCertificate, issueCertificateAuthority }'],
];

/** The packages that the program is made of. */
export const SESSION_PACKAGES = ['signer', 'credential-provider', 'pki', 'emulator'] as const;

/** What it prints. */
export const SESSION_OUTPUT = JSON.stringify({
  known: 'arn:aws:sts::111122223333:assumed-role/ExampleRole/1234',
  accountId: '111122223333',
  lives: true,
});

const PRINT = 'main().then((result) => console.log(JSON.stringify(result)));\n';

export const ESM_SCRIPT = `${PARTS.map(([name, names]) => `import ${names} from '${name}';`).join('\n')}${BODY}${PRINT}`;

const REQUIRES = PARTS.map(([name, names]) => `const ${names} = require('${name}');`).join('\n');

export const CJS_SCRIPT = `${REQUIRES}${BODY}${PRINT}`;

/** The same as a test for Jest with its defaults: CommonJS, no transform of ours. */
export const JEST_TEST = `${REQUIRES}${BODY}
test('a session', async () => {
  expect(JSON.stringify(await main())).toBe('${SESSION_OUTPUT}');
});
`;
