/** Step 6: the shared-config profile that people have, with our command in it; and what to type to go on by hand. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REGION, type Cloud } from './cloud.js';
import { say } from './narrator.js';

export const PROFILE = 'mi-servidor';

/** The built command line, `rolesanywhere`. */
export const COMMAND = join(
  createRequire(import.meta.url).resolve('@rolesanywhere/cli/package.json'),
  '..',
  'dist',
  'main.js',
);

/** Writes `config` into the folder; the path of it. */
export function writeProfile(folder: string, cloud: Cloud): string {
  const command = [
    `"${process.execPath}" "${COMMAND}" credential-process`,
    `--certificate "${join(folder, 'server.crt')}"`,
    `--private-key "${join(folder, 'server.key')}"`,
    `--trust-anchor-arn ${cloud.trustAnchorArn}`,
    `--profile-arn ${cloud.profileArn}`,
    `--role-arn ${cloud.roleArn}`,
    `--endpoint ${cloud.rolesAnywhereUrl}`,
  ].join(' ');
  const lines = [`[profile ${PROFILE}]`, `region = ${REGION}`, `credential_process = ${command}`];
  const file = join(folder, 'config');
  writeFileSync(file, `${lines.join('\n')}\n`);
  say(file, ...lines);
  return file;
}

export function printCommandsToGoOn(folder: string, cloud: Cloud): void {
  const serve = fileURLToPath(new URL('serve.js', import.meta.url));
  console.log(`\nTo go on by hand, start the same cloud again:

   node "${serve}" "${folder}"

and in another shell, with the AWS CLI:

   export AWS_CONFIG_FILE="${join(folder, 'config')}" AWS_PROFILE=${PROFILE} AWS_ENDPOINT_URL=${cloud.awsUrl}
   aws sts get-caller-identity
   aws s3 mb s3://your-bucket
   aws s3 cp "${join(folder, 'objeto.txt')}" s3://your-bucket/
   aws s3 ls s3://your-bucket/

or the credentials alone:

   node "${COMMAND}" credential-process --certificate "${join(folder, 'server.crt')}" \\
     --private-key "${join(folder, 'server.key')}" --trust-anchor-arn ${cloud.trustAnchorArn} \\
     --profile-arn ${cloud.profileArn} \\
     --role-arn ${cloud.roleArn} --endpoint ${cloud.rolesAnywhereUrl}

When you are done: rm -r "${folder}"`);
}
