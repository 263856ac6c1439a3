/**
 * `node dist/serve.js`: an empty account on port 8441, to be set up by the AWS CLI, until Ctrl-C.
 * `node dist/serve.js FOLDER`: the cloud of a kept demo folder again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listen, type Verdict } from '@rolesanywhere/emulator';
import { createAccount } from './account/account.js';
import { REGION, startCloud, type CloudState } from './cloud.js';

const PORT = 8441;
/** Of nobody: this is the whole secret of an account that ends with the process. */
const ADMINISTRATOR = { accessKeyId: 'administrator', secretAccessKey: 'emulator' };

const folder = process.argv[2];
const stop = folder === undefined ? await serveAccount() : await serveCloud(folder);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

async function serveAccount(): Promise<() => Promise<void>> {
  const handler = createAccount({ region: REGION, administrator: ADMINISTRATOR, onVerdict: printVerdict });
  const { url, close } = await listen(handler, { port: PORT, maximumBodyBytes: 67_108_864 });
  console.log(`IAM Roles Anywhere, IAM, STS and S3 at ${url}, region ${REGION}. Ctrl-C ends it.`);
  return close;
}

async function serveCloud(kept: string): Promise<() => Promise<void>> {
  // The file was written by startCloud, which gives it this form.
  const state = JSON.parse(readFileSync(join(kept, 'cloud.json'), 'utf8')) as CloudState;
  const cloud = await startCloud(kept, state);
  console.log(
    `IAM Roles Anywhere at ${cloud.rolesAnywhereUrl}, STS and S3 at ${cloud.awsUrl}. Ctrl-C ends it.`,
  );
  return () => cloud.stop();
}

function printVerdict(verdict: Verdict): void {
  const refused = verdict.outcome === 'refused';
  console.log(
    refused ? `refused: ${verdict.reason}: ${verdict.message}` : `accepted: ${verdict.assumedRoleArn}`,
  );
}
