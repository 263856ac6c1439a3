/** Step 7: the identity of the session, the bucket, the upload by the example, and the same by three other ways. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromProcess } from '@aws-sdk/credential-providers';
import { fromPemFiles, fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { REGION, type Cloud } from './cloud.js';
import { say } from './narrator.js';
import { PROFILE } from './profile.js';
import { runProgram } from './run-program.js';

const BUCKET = 'your-bucket';
const FILE = 'objeto.txt';

export interface DemoSession {
  readonly folder: string;
  readonly cloud: Cloud;
  readonly configFile: string;
  readonly serialNumber: bigint;
}

export async function useTheSession(session: DemoSession): Promise<void> {
  const { folder, cloud, configFile, serialNumber } = session;
  const credentials = fromRolesAnywhere({
    trustAnchorArn: cloud.trustAnchorArn,
    profileArn: cloud.profileArn,
    roleArn: cloud.roleArn,
    identity: fromPemFiles({
      certificate: join(folder, 'server.crt'),
      privateKey: join(folder, 'server.key'),
    }),
    clientConfig: { endpoint: cloud.rolesAnywhereUrl },
  });
  const settings = { region: REGION, endpoint: cloud.awsUrl };
  const s3 = new S3Client({ ...settings, credentials, forcePathStyle: true });

  const { Arn: arn = '' } = await new STSClient({ ...settings, credentials }).send(
    new GetCallerIdentityCommand({}),
  );
  expect(arn.endsWith(`/${evenHex(serialNumber)}`), `${arn} is not named by the certificate's serial`);
  say(`fromRolesAnywhere():  ${arn}`, '                      the session is named by the serial in hex');

  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const { KeyCount: count } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  expect(count === 0, 'the new bucket is not empty');
  say(`the bucket:           s3://${BUCKET}, ${count} objects`);

  await uploadByExample(session);
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: FILE }));
  const written = readFileSync(join(folder, FILE), 'utf8');
  expect((await body?.transformToString()) === written, `${FILE} came back changed`);
  say(`read back:            ${Buffer.byteLength(written)} bytes, the same`);

  const byProcess = fromProcess({
    profile: PROFILE,
    configFilepath: configFile,
    filepath: join(folder, 'none'),
  });
  const identity = await new STSClient({ ...settings, credentials: byProcess }).send(
    new GetCallerIdentityCommand({}),
  );
  expect(identity.Arn === arn, `fromProcess is ${identity.Arn}`);
  say(`SDK fromProcess:      ${identity.Arn}`);
  await useAwsCli(session, arn);
}

/** examples/upload-object as a stranger runs it: a process of its own, told everything by its environment. */
async function uploadByExample({ folder, cloud }: DemoSession): Promise<void> {
  writeFileSync(join(folder, FILE), 'Hola desde mi-servidor.\n');
  const manifest = createRequire(import.meta.url).resolve('example-upload-object/package.json');
  const example = join(manifest, '..', 'dist', 'upload-object.js');
  const run = await runProgram([process.execPath, example], {
    cwd: folder,
    env: {
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_S3: cloud.awsUrl,
      AWS_ENDPOINT_URL_ROLESANYWHERE: cloud.rolesAnywhereUrl,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      BUCKET_NAME: BUCKET,
      ROLES_ANYWHERE_TRUST_ANCHOR_ARN: cloud.trustAnchorArn,
      ROLES_ANYWHERE_PROFILE_ARN: cloud.profileArn,
      ROLES_ANYWHERE_ROLE_ARN: cloud.roleArn,
      ROLES_ANYWHERE_CERTIFICATE: join(folder, 'server.crt'),
      ROLES_ANYWHERE_PRIVATE_KEY: join(folder, 'server.key'),
    },
  });
  expect(run?.exitCode === 0, `examples/upload-object: ${run?.stderr}`);
  say(`upload-object:        ${run?.stdout.trim()}`);
}

/** The AWS CLI runs our command by the profile of step 6. */
async function useAwsCli({ folder, cloud, configFile }: DemoSession, arn: string): Promise<void> {
  const env = {
    AWS_CONFIG_FILE: configFile,
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    AWS_PROFILE: PROFILE,
    AWS_ENDPOINT_URL: cloud.awsUrl,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const aws = (...args: string[]) => runProgram(['aws', ...args], { cwd: folder, env });
  const identity = await aws('sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text');
  if (identity === undefined) {
    say('(the AWS CLI is not on this machine)');
    return;
  }
  expect(identity.stdout.trim() === arn, `aws sts get-caller-identity: ${identity.stdout}${identity.stderr}`);
  say(`AWS CLI:              ${identity.stdout.trim()}`);
  const copy = await aws('s3', 'cp', '--only-show-errors', `s3://${BUCKET}/${FILE}`, '-');
  expect(copy?.stdout === readFileSync(join(folder, FILE), 'utf8'), `aws s3 cp: ${copy?.stderr}`);
  say(`aws s3 cp:            s3://${BUCKET}/${FILE} is the same file`);
}

function evenHex(serialNumber: bigint): string {
  const hex = serialNumber.toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
