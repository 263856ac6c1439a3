import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createEmulator, type Emulator, type EmulatorInit } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import {
  createSession,
  fromPem,
  fromRolesAnywhere,
  type CreateSessionInput,
  type X509IdentityProvider,
} from '@rolesanywhere/credential-provider';
import { rejectionOf } from './support/options.js';
import { createTargets } from '../../../tools/test-support/create-targets.js';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';

let authority: IssuedCertificate;
let intermediate: IssuedCertificate;
let certificate: IssuedCertificate;

beforeAll(async () => {
  const keyAlgorithm = { type: 'EC' } as const;
  // Valid for a service whose clock is behind, too.
  const notBefore = new Date(Date.now() - 3_600_000);
  authority = await issueCertificateAuthority({ subject: 'CN=Root', keyAlgorithm, notBefore });
  intermediate = await issueCertificateAuthority({
    subject: 'CN=Issuing',
    issuer: authority,
    keyAlgorithm,
    notBefore,
  });
  certificate = await issueCertificate({
    subject: 'CN=server-1',
    issuer: intermediate,
    serialNumber: 0x1234n,
    notBefore,
  });
});

const identity: X509IdentityProvider = () =>
  fromPem({
    certificate: certificate.certificatePem,
    privateKey: certificate.privateKeyPem,
    chain: intermediate.certificatePem,
  })();

function setUp(init: EmulatorInit = {}): { emulator: Emulator; input: CreateSessionInput } {
  const emulator = createEmulator({ region: 'eu-central-1', ...init });
  const trustAnchorPem = authority.certificatePem;
  return { emulator, input: createTargets(emulator, { trustAnchorPem, roleName: 'uploader' }) };
}

describe('against a service that verifies', () => {
  test('a session is had over a socket, below a base path', async () => {
    const { emulator, input } = setUp();
    const listening = await emulator.listen();
    const session = await createSession(input, {
      identity,
      clientConfig: { endpoint: `${listening.url}/a/b` },
    });
    expect(session).toMatchObject({
      roleArn: input.roleArn,
      assumedRoleArn: 'arn:aws:sts::111122223333:assumed-role/uploader/1234',
      accountId: '111122223333',
      sourceIdentity: 'CN=server-1',
    });
    expect(emulator.findSession(session.credentials.accessKeyId)?.secretAccessKey).toBe(
      session.credentials.secretAccessKey,
    );
    await listening.close();
  });

  test('a session is had in the process, without a port', async () => {
    const { emulator, input } = setUp();
    const clientConfig = { requestHandler: emulator.requestHandler };
    const credentials = await fromRolesAnywhere({ ...input, identity, clientConfig })();
    expect(emulator.findSession(credentials.accessKeyId)?.sessionToken).toBe(credentials.sessionToken);
  });

  test.each([10, -10])('a service clock %d minutes off is found out and corrected', async (minutes) => {
    const clock = (): Date => new Date(Date.now() + minutes * 60_000);
    const verdicts: string[] = [];
    const { emulator, input } = setUp({ clock, onVerdict: ({ outcome }) => verdicts.push(outcome) });
    const session = await createSession(input, {
      identity,
      clientConfig: { requestHandler: withDate(emulator, clock) },
    });
    expect(session.$metadata.attempts).toBe(2);
    expect(verdicts).toEqual(['refused', 'accepted']);
  });

  test('a refusal carries the service’s own text', async () => {
    const { emulator, input } = setUp();
    const other = emulator.createRole({ roleName: 'other', trustPolicy });
    const clientConfig = { requestHandler: emulator.requestHandler };
    const error = await rejectionOf(
      fromRolesAnywhere({ ...input, roleArn: other.roleArn, identity, clientConfig })(),
    );
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', status: 403, serviceCode: 'AccessDeniedException' });
    expect(String(error)).toContain("Requested Role isn't one of those listed in the Profile.");
  });
});

test('an STS client signs with the session, shares it with others, and shows the account id in its User-Agent', async () => {
  const { emulator, input } = setUp();
  const credentials = fromRolesAnywhere({
    ...input,
    identity,
    clientConfig: { requestHandler: emulator.requestHandler },
  });
  const seen: Record<string, string>[] = [];
  const requestHandler = {
    handle: async (request: { headers: Record<string, string> }) => {
      seen.push(request.headers);
      return { response: { statusCode: 200, headers: {}, body: Readable.from([callerIdentity]) } };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const clients = [1, 2, 3].map(() => new STSClient({ region: 'eu-central-1', credentials, requestHandler }));
  const calls = clients.flatMap((client) => [1, 2].map(() => client.send(new GetCallerIdentityCommand({}))));
  expect((await Promise.all(calls)).map(({ Account }) => Account)).toEqual(
    Array.from({ length: 6 }, () => '111122223333'),
  );
  const tokens = new Set(seen.map((headers) => headers['x-amz-security-token']));
  expect(tokens.size).toBe(1);
  const { accessKeyId } = await credentials();
  expect(seen[0]?.['authorization']).toContain(`Credential=${accessKeyId}/`);
  expect(seen[0]?.['user-agent']).toMatch(/ m\/\S*\bT\b/);
});

const callerIdentity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:sts::111122223333:assumed-role/uploader/1234</Arn><UserId>AROA:1234</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** The emulator's handler behind a front that writes the date of the emulator's clock, as a server does. */
function withDate(emulator: Emulator, clock: () => Date): Emulator['requestHandler'] {
  return {
    ...emulator.requestHandler,
    handle: async (request, options) => {
      const { response } = await emulator.requestHandler.handle(request, options);
      return { response: { ...response, headers: { ...response.headers, date: clock().toUTCString() } } };
    },
  };
}
