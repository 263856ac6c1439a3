/**
 * Asks STS who it is, as any application would, and prints the metrics of its credential provider.
 * The environment, or a profile of `~/.aws/config`, says with which certificate. Put your own exporter in the place of `ConsoleMetricExporter`.
 */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { metrics } from '@opentelemetry/api';
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { recordProviderMetrics } from './provider-metrics.js';

const reader = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() });
const meterProvider = new MeterProvider({ readers: [reader] });
metrics.setGlobalMeterProvider(meterProvider);
recordProviderMetrics(metrics.getMeter('@rolesanywhere/credential-provider'));

const sts = new STSClient({ credentials: fromRolesAnywhere() });
const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
console.log(`I am ${Arn}`);
// Exports what is there; a server leaves it to the reader's interval, a minute.
await meterProvider.shutdown();
