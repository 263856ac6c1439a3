import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmulator, type Emulator, type Listening } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';
import { fromPem, fromRolesAnywhere, type FallbackTarget, type FromRolesAnywhereInit } from '../src/index.js';
import { rejectionOf } from './support/options.js';

interface Region {
  readonly emulator: Emulator;
  readonly listening: Listening;
  readonly target: FallbackTarget & { readonly roleArn: string };
  readonly calls: () => number;
}

let authority: IssuedCertificate;
let identity: FromRolesAnywhereInit['identity'];
const regions: Region[] = [];

async function startRegion(region: string): Promise<Region> {
  let calls = 0;
  const emulator = createEmulator({ region, onVerdict: () => (calls += 1) });
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'ca',
    certificates: authority.certificatePem,
  });
  const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });
  const listening = await emulator.listen();
  const target = { trustAnchorArn, profileArn, roleArn, endpoint: listening.url };
  const started = { emulator, listening, target, calls: () => calls };
  regions.push(started);
  return started;
}

beforeAll(async () => {
  const keyAlgorithm = { type: 'EC' } as const;
  authority = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm });
  const server = await issueCertificate({ subject: 'CN=server', issuer: authority, keyAlgorithm });
  identity = fromPem({ certificate: server.certificatePem, privateKey: server.privateKeyPem });
});
afterAll(async () => {
  await Promise.all(regions.map(({ listening }) => listening.close()));
});

function optionsOf(first: Region, fallbacks: readonly FallbackTarget[]): FromRolesAnywhereInit {
  const { endpoint, ...arns } = first.target;
  return { ...arns, identity, clientConfig: { endpoint, maxAttempts: 1 }, fallbacks };
}

describe('fallbacks', () => {
  test('give a session of another region while the first is down, and the first is asked again later', async () => {
    const [frankfurt, ireland] = [await startRegion('eu-central-1'), await startRegion('eu-west-1')];
    const lines: string[] = [];
    const line = (text: string): number => lines.push(text);
    const logger = { debug: line, info: line, warn: line, error: line };
    frankfurt.emulator.faults.next({ type: 'serverError' });
    const { roleArn: _, ...withoutRole } = ireland.target;
    const credentials = fromRolesAnywhere({ ...optionsOf(frankfurt, [withoutRole]), logger });
    const { accessKeyId } = await credentials();
    expect(ireland.emulator.findSession(accessKeyId)?.assumedRoleArn).toContain('ExampleRole');
    expect(lines.filter((text) => text.includes(ireland.target.trustAnchorArn))).toHaveLength(1);
    await credentials({ forceRefresh: true });
    expect([frankfurt.calls(), ireland.calls()]).toEqual([0, 2]);
  });

  test('are not asked when the first refuses', async () => {
    const [frankfurt, ireland] = [await startRegion('eu-central-1'), await startRegion('eu-west-1')];
    const { endpoint: _, ...refused } = { ...frankfurt.target, roleArn: `${frankfurt.target.roleArn}X` };
    const credentials = fromRolesAnywhere({ ...optionsOf(frankfurt, [ireland.target]), ...refused });
    await expect(credentials()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(ireland.calls()).toBe(0);
  });

  test('are left out of the way of a custom endpoint: each has the one of its own region', async () => {
    const frankfurt = await startRegion('eu-central-1');
    const { endpoint: _, ...target } = frankfurt.target;
    const hosts: string[] = [];
    const requestHandler = {
      handle: async ({ hostname }: { readonly hostname: string }) => {
        hosts.push(hostname);
        throw new Error('ECONNREFUSED');
      },
    };
    const elsewhere = JSON.parse(
      JSON.stringify(target).replaceAll('eu-central-1', 'us-east-1'),
    ) as FallbackTarget;
    const init = optionsOf(frankfurt, [elsewhere]);
    const clientConfig = { endpoint: 'https://vpce.example', maxAttempts: 1, requestHandler };
    const error = await rejectionOf(fromRolesAnywhere({ ...init, clientConfig })());
    expect(hosts).toEqual(['vpce.example', 'rolesanywhere.us-east-1.amazonaws.com']);
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', tryNextLink: false });
  });

  test.each<[string, unknown, RegExp]>([
    ['no list', {}, /fallbacks must be a list of targets/],
    ['a text for a target', ['eu-west-1'], /fallbacks\[0\] must be an object/],
    [
      'no profile, an ARN that is none, and a member that has no effect',
      [{ trustAnchorArn: 'arn:x', region: 'eu-west-1' }],
      /3 problems:\n- fallbacks\[0\]\.region is no member.*\n- fallbacks\[0\]\.trustAnchorArn 'arn:x' is not an ARN.*\n- fallbacks\[0\]: profileArn is missing/,
    ],
  ])('with mistakes are told before anything is sent: %s', async (...[, fallbacks, message]) => {
    const frankfurt = await startRegion('eu-central-1');
    const init = { ...optionsOf(frankfurt, []), fallbacks } as FromRolesAnywhereInit;
    const error = await rejectionOf(fromRolesAnywhere(init)());
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(frankfurt.calls()).toBe(0);
  });
});
