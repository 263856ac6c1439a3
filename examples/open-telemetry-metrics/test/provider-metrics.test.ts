import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  fromPem,
  fromRolesAnywhere,
  type RolesAnywhereCredentialProvider,
} from '@rolesanywhere/credential-provider';
import { createEmulator, type Emulator } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';
import { recordProviderMetrics } from '../src/provider-metrics.js';

let emulator: Emulator;
let provider: RolesAnywhereCredentialProvider;
let roleArn: string;
let exporter: InMemoryMetricExporter;
let meterProvider: MeterProvider;
let stop: () => void;

beforeEach(async () => {
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
  const issued = await issueCertificate({ subject: 'CN=server', issuer, keyAlgorithm: { type: 'EC' } });
  emulator = createEmulator();
  const anchor = { name: 'ca', certificates: issuer.certificatePem };
  const { trustAnchorArn } = emulator.createTrustAnchor(anchor);
  ({ roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy }));
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  provider = fromRolesAnywhere({
    trustAnchorArn,
    profileArn,
    roleArn,
    identity: fromPem({ certificate: issued.certificatePem, privateKey: issued.privateKeyPem }),
    clientConfig: { requestHandler: emulator.requestHandler, maxAttempts: 1 },
  });
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  meterProvider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  stop = recordProviderMetrics(meterProvider.getMeter('test'));
});
afterEach(async () => {
  stop();
  await meterProvider.shutdown();
});

/** Attributes and value of each row of a metric, as an exporter gets them now. */
async function rowsOf(name: string): Promise<readonly { attributes: unknown; value: unknown }[]> {
  exporter.reset();
  await meterProvider.forceFlush();
  const metrics = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const found = metrics.find(({ descriptor }) => descriptor.name === `rolesanywhere.${name}`);
  return (found?.dataPoints ?? []).map(({ attributes, value }) => ({ attributes, value }));
}

test('refreshes are counted and timed by how they end', async () => {
  await provider();
  await provider();
  emulator.faults.next({ type: 'serverError' });
  await provider({ forceRefresh: true }).catch(() => undefined);
  expect(await rowsOf('refresh.duration')).toMatchObject([
    { attributes: { outcome: 'succeeded', 'aws.role.arn': roleArn }, value: { count: 1 } },
    { attributes: { outcome: 'failed but valid', 'error.type': 'SERVICE_FAILED' }, value: { count: 1 } },
  ]);
  expect(await rowsOf('refresh.failures')).toMatchObject([{ value: 1 }]);
  expect(await rowsOf('events')).toMatchObject([
    { attributes: { type: 'refreshStarted' }, value: 2 },
    { attributes: { type: 'refreshSucceeded' }, value: 1 },
    { attributes: { type: 'refreshFailedButValid' }, value: 1 },
  ]);
});

test('what is left of the session and of the certificate is shown in seconds', async () => {
  await provider();
  const [session] = await rowsOf('session.remaining');
  expect(session?.value).toBeGreaterThan(3000);
  expect(session?.value).toBeLessThanOrEqual(3600);
  const [certificate] = await rowsOf('certificate.remaining');
  expect(certificate?.value).toBeGreaterThan(3600);
});

test('nothing is recorded after the end', async () => {
  stop();
  await provider();
  expect(await rowsOf('events')).toEqual([]);
});
