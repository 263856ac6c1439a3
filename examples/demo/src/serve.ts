/** `node dist/serve.js FOLDER`: starts the cloud of a kept demo folder again, until Ctrl-C. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCloud, type CloudState } from './cloud.js';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Name the folder that `npm run demo -- --keep` left.');
  process.exit(2);
}
// The file was written by startCloud, which gives it this form.
const state = JSON.parse(readFileSync(join(folder, 'cloud.json'), 'utf8')) as CloudState;
const cloud = await startCloud(folder, state);
console.log(
  `IAM Roles Anywhere at ${cloud.rolesAnywhereUrl}, STS and S3 at ${cloud.awsUrl}. Ctrl-C ends it.`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cloud.stop());
