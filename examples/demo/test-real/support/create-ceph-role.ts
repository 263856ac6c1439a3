import { randomBytes } from 'node:crypto';
import { succeed, type YoungCluster } from './young-cluster.js';

/** A role of Ceph's, and the keys of the one user that may assume it. */
export interface CephRole {
  /** Of a user who owns nothing. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** May do everything in S3. */
  readonly roleArn: string;
}

export async function createCephRole(cluster: YoungCluster): Promise<CephRole> {
  const accessKeyId = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
  const secretAccessKey = randomBytes(20).toString('hex');
  const trust = policy({
    Principal: { AWS: ['arn:aws:iam:::user/tester'] },
    Action: ['sts:AssumeRole'],
  });
  const rights = policy({ Action: ['s3:*'], Resource: 'arn:aws:s3:::*' });
  const keys = `--access-key=${accessKeyId} --secret-key=${secretAccessKey}`;
  await succeed(cluster, `radosgw-admin user create --uid=tester --display-name=Tester ${keys}`);
  await succeed(
    cluster,
    `radosgw-admin role create --role-name=uploader --path=/ --assume-role-policy-doc=${trust}`,
  );
  await succeed(
    cluster,
    `radosgw-admin role-policy put --role-name=uploader --policy-name=all --policy-doc=${rights}`,
  );
  return { credentials: { accessKeyId, secretAccessKey }, roleArn: 'arn:aws:iam:::role/uploader' };
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
}
