/**
 * Steps 2 to 4: the emulator of IAM Roles Anywhere with a trust anchor, a role and a profile,
 * and beside it STS and S3 that verify each request and take the sessions which the emulator issued.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { createEmulator, type Verdict } from '@rolesanywhere/emulator';

export const REGION = 'eu-central-1';

/** What it takes to start the same cloud again, with the same ARNs at the same ports. */
export interface CloudState {
  readonly authorityPem: string;
  /** Hexadecimal; the ids in the ARNs come from it. */
  readonly seed: string;
  readonly ports?: { readonly rolesAnywhere: number; readonly aws: number };
}

export interface Cloud {
  readonly rolesAnywhereUrl: string;
  /** STS and S3. */
  readonly awsUrl: string;
  readonly trustAnchorArn: string;
  readonly roleArn: string;
  readonly otherRoleArn: string;
  readonly profileArn: string;
  readonly trustPolicy: object;
  /** What the emulator found out about the last request. */
  lastVerdict(): Verdict | undefined;
  stop(): Promise<void>;
}

/** Starts both servers on loopback and writes the state into `cloud.json` in the folder. */
export async function startCloud(folder: string, state: CloudState): Promise<Cloud> {
  let verdict: Verdict | undefined;
  const emulator = createEmulator({
    region: REGION,
    random: repeatable(state.seed),
    onVerdict: (latest) => {
      verdict = latest;
    },
  });
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'example',
    certificates: state.authorityPem,
  });
  const trustPolicy = trustPolicyFor(trustAnchorArn);
  const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
  const { roleArn: otherRoleArn } = emulator.createRole({ roleName: 'OtherRole', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });

  const standIn = createAwsStandIn({ region: REGION, findSession: emulator.findSession });
  const rolesAnywhere = await emulator.listen({ port: state.ports?.rolesAnywhere ?? 0 });
  const aws = await standIn.listen({ port: state.ports?.aws ?? 0 });
  const ports = { rolesAnywhere: rolesAnywhere.port, aws: aws.port };
  writeFileSync(join(folder, 'cloud.json'), JSON.stringify({ ...state, ports }, undefined, 2));
  return {
    rolesAnywhereUrl: rolesAnywhere.url,
    awsUrl: aws.url,
    trustAnchorArn,
    roleArn,
    otherRoleArn,
    profileArn,
    trustPolicy,
    lastVerdict: () => verdict,
    stop: async () => {
      await Promise.all([rolesAnywhere.close(), aws.close()]);
    },
  };
}

/** Only certificates under this trust anchor, and of them only those made out to `mi-servidor`. */
function trustPolicyFor(trustAnchorArn: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'rolesanywhere.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        Condition: {
          ArnEquals: { 'aws:SourceArn': trustAnchorArn },
          StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'mi-servidor' },
        },
      },
    ],
  };
}

/** Bytes that follow from a seed, so that a cloud started again has the ARNs that stand in the configuration. */
function repeatable(seed: string): (bytes: number) => Uint8Array {
  let count = 0;
  return (bytes) => {
    const blocks = Array.from({ length: Math.ceil(bytes / 32) }, () =>
      createHash('sha256').update(`${seed}/${count++}`).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, bytes));
  };
}
