/** For tests: an AWS account on loopback, with a bucket, in which a certificate buys sessions. */
import { CreateBucketCommand, GetObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type AwsStandInInit, createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { type Emulator, createEmulator } from '@rolesanywhere/emulator';
import { type Targets, type TargetsInit, createTargets } from './create-targets.js';

export interface AwsWorldInit extends TargetsInit {
  /** Default `eu-central-1`. */
  readonly region?: string;
  /** The policy of S3 and STS. Default: everything is allowed. */
  readonly authorize?: AwsStandInInit['authorize'];
}

export interface AwsWorld {
  readonly emulator: Emulator;
  readonly targets: Targets;
  readonly rolesAnywhereUrl: string;
  /** STS and S3. */
  readonly awsUrl: string;
  /** Belongs to {@link owner}. */
  readonly bucket: string;
  /** A client with keys of its own, for looking at what others did. */
  readonly owner: S3Client;
  /** For a program: region, endpoints, and what it must name. */
  readonly env: Readonly<Record<string, string>>;
  /** A client with these credentials. */
  s3(credentials: NonNullable<S3ClientConfig['credentials']>): S3Client;
  /** The text of an object, as its owner reads it. */
  read(key: string, bucket?: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const OWNER = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };
const BUCKET = 'your-bucket';

/** Starts IAM Roles Anywhere, STS and S3 on free ports, and makes a bucket. */
export async function startAwsWorld(init: AwsWorldInit): Promise<AwsWorld> {
  const { region = 'eu-central-1', authorize } = init;
  const emulator = createEmulator({ region });
  const targets = createTargets(emulator, init);
  const standIn = createAwsStandIn({
    region,
    users: [{ ...OWNER, userName: 'owner' }],
    findSession: emulator.findSession,
    ...(authorize && { authorize }),
  });
  const [rolesAnywhere, aws] = await Promise.all([emulator.listen(), standIn.listen()]);
  const s3: AwsWorld['s3'] = (credentials) => new S3Client({ endpoint: aws.url, region, credentials });
  const owner = s3(OWNER);
  await owner.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    emulator,
    targets,
    rolesAnywhereUrl: rolesAnywhere.url,
    awsUrl: aws.url,
    bucket: BUCKET,
    owner,
    env: {
      AWS_REGION: region,
      AWS_ENDPOINT_URL_S3: aws.url,
      AWS_ENDPOINT_URL_STS: aws.url,
      AWS_ENDPOINT_URL_ROLESANYWHERE: rolesAnywhere.url,
      ROLES_ANYWHERE_TRUST_ANCHOR_ARN: targets.trustAnchorArn,
      ROLES_ANYWHERE_PROFILE_ARN: targets.profileArn,
      ROLES_ANYWHERE_ROLE_ARN: targets.roleArn,
    },
    s3,
    async read(key, bucket = BUCKET) {
      const { Body: body } = await owner.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return body?.transformToString();
    },
    async close() {
      owner.destroy();
      await Promise.all([rolesAnywhere.close(), aws.close()]);
    },
  };
}
