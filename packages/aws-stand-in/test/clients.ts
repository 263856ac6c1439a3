import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { IssuedSession, Listening } from '@rolesanywhere/emulator';

import { createAwsStandIn, type AwsStandIn, type AwsStandInInit } from '../src/index.js';

// The SDK reads these; a test must not depend on the machine it runs on.
for (const name of Object.keys(process.env))
  if (name.startsWith('AWS_') || name === 'NODE_EXTRA_CA_CERTS') delete process.env[name];
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
process.env['AWS_CONFIG_FILE'] = '/nonexistent/config';
process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nonexistent/credentials';

export const user = {
  accessKeyId: 'AKIAEXAMPLEUSER00001',
  secretAccessKey: 'example-secret-of-a-user',
  userName: 'tester',
};

/** A session as the emulator gives it out. */
export function sessionOf(change: Partial<IssuedSession> = {}): IssuedSession {
  return {
    accessKeyId: 'ASIAEXAMPLESESSION01',
    secretAccessKey: 'example-secret-of-a-session',
    sessionToken: 'example/token+of=session1==',
    expiration: new Date(Date.now() + 3_600_000),
    assumedRoleArn: 'arn:aws:sts::111122223333:assumed-role/ExampleRole/0f',
    assumedRoleId: 'AROAEXAMPLEROLE000001:0f',
    accountId: '111122223333',
    roleArn: 'arn:aws:iam::111122223333:role/ExampleRole',
    ...change,
  };
}

export interface Served extends Listening {
  readonly aws: AwsStandIn;
}

export async function serve(init: AwsStandInInit = {}): Promise<Served> {
  const aws = createAwsStandIn({ users: [user], ...init });
  return { aws, ...(await aws.listen()) };
}

type Credentials = Pick<IssuedSession, 'accessKeyId' | 'secretAccessKey'> & {
  readonly sessionToken?: string;
};

export function s3Client(endpoint: string, credentials: Credentials, config: S3ClientConfig = {}): S3Client {
  return new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, ...config });
}

export function stsClient(
  endpoint: string,
  credentials: Credentials,
  config: STSClientConfig = {},
): STSClient {
  return new STSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, ...config });
}
