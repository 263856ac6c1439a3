import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createEmulator, type Emulator } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import { createProvider } from '../src/create-provider.js';
import { fromPem, type RolesAnywhereCredentialProvider } from '../src/index.js';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';
import { createVirtualRuntime, type VirtualRuntime } from './support/virtual-runtime.js';

const minute = 60_000;
const region = 'eu-central-1';
const clientCount = 200;
const requestsPerClient = 10;

let authority: IssuedCertificate;
let certificate: IssuedCertificate;

beforeAll(async () => {
  // The virtual clock stands in 2026, whatever day it is.
  const lifetime = { notBefore: new Date('2026-01-01'), notAfter: new Date('2046-01-01') };
  const keyAlgorithm = { type: 'EC' } as const;
  authority = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm, ...lifetime });
  certificate = await issueCertificate({
    subject: 'CN=server-1',
    issuer: authority,
    keyAlgorithm,
    ...lifetime,
  });
});

interface Storm {
  readonly runtime: VirtualRuntime;
  readonly emulator: Emulator;
  /** Accepted and refused CreateSession calls so far. */
  readonly verdicts: readonly string[];
  /** Every client sends its requests at once; gives the access key ids that these were signed with. */
  rage(): Promise<ReadonlySet<string>>;
}

/** Real S3 and STS clients that share one provider, in front of a service that verifies. */
function createStorm(): Storm {
  const runtime = createVirtualRuntime();
  const verdicts: string[] = [];
  const emulator = createEmulator({
    region,
    clock: () => new Date(runtime.now()),
    onVerdict: ({ outcome }) => verdicts.push(outcome),
  });
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'ca',
    certificates: authority.certificatePem,
  });
  const { roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  const identity = fromPem({
    certificate: certificate.certificatePem,
    privateKey: certificate.privateKeyPem,
  });
  const clientConfig = { requestHandler: emulator.requestHandler };
  const credentials = createProvider(
    { trustAnchorArn, profileArn, roleArn, identity, clientConfig },
    runtime,
  );
  const usedKeys = new Set<string>();
  const send = createClients(credentials, (accessKeyId) => usedKeys.add(accessKeyId));
  return {
    runtime,
    emulator,
    verdicts,
    rage: async () => {
      usedKeys.clear();
      await Promise.all(send.flatMap((one) => Array.from({ length: requestsPerClient }, () => one())));
      return new Set(usedKeys);
    },
  };
}

function createClients(
  credentials: RolesAnywhereCredentialProvider,
  onKey: (accessKeyId: string) => void,
): readonly (() => Promise<unknown>)[] {
  const answering = (body: string): ReturnType<typeof createHandler> => createHandler(body, onKey);
  return Array.from({ length: clientCount }, (_, index) => {
    if (index % 2 === 0) {
      const client = new STSClient({ region, credentials, requestHandler: answering(callerIdentity) });
      return () => client.send(new GetCallerIdentityCommand({}));
    }
    const client = new S3Client({ region, credentials, requestHandler: answering('') });
    return () => client.send(new HeadObjectCommand({ Bucket: 'reports', Key: 'today.txt' }));
  });
}

function createHandler(
  body: string,
  onKey: (accessKeyId: string) => void,
): {
  handle(request: {
    headers: Record<string, string>;
  }): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Readable } }>;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
} {
  return {
    handle: async ({ headers }) => {
      onKey(/Credential=(\w+)\//.exec(headers['authorization'] ?? '')?.[1] ?? 'none');
      return { response: { statusCode: 200, headers: {}, body: Readable.from([body]) } };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

const callerIdentity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:sts::111122223333:assumed-role/uploader/1</Arn><UserId>AROA:1</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

describe('200 clients of the SDK with 10 requests each at once', () => {
  test('make one CreateSession at the start, one at the refresh and one at the expiry', async () => {
    const storm = createStorm();
    const first = await storm.rage();
    expect(storm.verdicts).toEqual(['accepted']);
    expect(first.size).toBe(1);

    await storm.runtime.advance(51 * minute);
    // The old session while the new one is on its way.
    expect(await storm.rage()).toEqual(first);
    expect(storm.verdicts).toEqual(['accepted', 'accepted']);
    await storm.runtime.advance(0);
    const second = await storm.rage();
    expect(second.size).toBe(1);
    expect(second).not.toEqual(first);

    await storm.runtime.advance(61 * minute);
    const third = await storm.rage();
    expect(storm.verdicts).toEqual(['accepted', 'accepted', 'accepted']);
    expect(third.size).toBe(1);
    expect(storm.emulator.findSession([...third].join(''))).toBeDefined();
  }, 60_000);

  test('wait together for one CreateSession when it takes its time', async () => {
    const storm = createStorm();
    storm.emulator.faults.next({ type: 'blackHole' });
    const raging = storm.rage();
    await storm.runtime.advance(0);
    // Half of the time limit is the first attempt's, then it is tried again.
    await storm.runtime.advance(12_000);
    expect((await raging).size).toBe(1);
    expect(storm.verdicts).toEqual(['accepted']);
  }, 60_000);
});
