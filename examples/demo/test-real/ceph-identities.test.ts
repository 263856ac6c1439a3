/** An identity of every source gets a session and uploads to a store that checks every request itself. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { createEmulator, mintByAssumeRole, type Emulator } from '@rolesanywhere/emulator';
import { type Targets, createTargets } from '../../../tools/test-support/create-targets.js';
import { followGuide } from '../../../tools/test-support/follow-guide.js';
import { type RealPart, realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { compileExample } from '../../../tools/test-support/run-example.js';
import * as sources from './support/identity-sources.js';
import { createS3Client } from './support/s3-client.js';
import { startCeph, type Ceph } from './support/start-ceph.js';

const REGION = 'us-east-1';
const BUCKET = 'your-bucket';
const TEXT = '¡Hola!\n';

let folder: string;

/** What each test is called, the part that it needs beside Ceph, and how its source is made. */
const SOURCES: readonly [string, RealPart, () => Promise<sources.IdentitySource>][] = [
  ['PEM files with an RSA key', 'REAL_CEPH', () => sources.pemFiles(folder, 'RSA')],
  ['PEM files with an EC key', 'REAL_CEPH', () => sources.pemFiles(folder, 'EC')],
  ['PEM files with an ML-DSA key', 'REAL_CEPH', () => sources.pemFiles(folder, 'ML-DSA')],
  ['a PKCS#12 file', 'REAL_CEPH', () => sources.pkcs12File(folder)],
  ['a key file of a TPM', 'REAL_TPM', () => sources.tpmKey('file')],
  ['a key that stays in a TPM', 'REAL_TPM', () => sources.tpmKey('persistent')],
  ['an X.509-SVID of an agent on grpcio', 'REAL_AWS', () => sources.svidOfAgent(folder)],
  ['a signing service over HTTP', 'REAL_CEPH', () => sources.signingService()],
];

describe('an object is uploaded to Ceph, and read back, with a session by', () => {
  let ceph: Ceph;
  let emulator: Emulator;
  /** For looking at what others did: by another session of the same user of Ceph. */
  let reader: S3Client;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ceph-identities-'));
    if (realPart('REAL_CEPH') === undefined) return;
    ceph = await startCeph();
    ends.push(() => ceph.stop());
    const { url: endpoint, credentials, roleArn } = ceph;
    const mint = mintByAssumeRole({ endpoint, region: REGION, credentials, mapRoleArn: () => roleArn });
    emulator = createEmulator({ region: REGION, mint });
    reader = createS3Client(endpoint, providerOf(await sources.pemFiles(folder, 'EC'), 'reader'));
    await reader.send(new CreateBucketCommand({ Bucket: BUCKET }));
  }, 150_000);

  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const providerOf = ({ identity, trustAnchorPem }: sources.IdentitySource, roleName: string) => {
    const clientConfig = { requestHandler: emulator.requestHandler };
    return fromRolesAnywhere({
      ...createTargets(emulator, { trustAnchorPem, roleName }),
      identity,
      clientConfig,
    });
  };
  const read = async (s3: S3Client, key: string): Promise<string | undefined> => {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return body?.transformToString();
  };

  for (const [name, part, make] of SOURCES)
    testWithCephAnd(part)(name, async () => {
      const source = await make();
      if (source.end !== undefined) ends.push(source.end);
      const credentials = providerOf(source, name.replaceAll(/\W+/g, '-'));
      const s3 = createS3Client(ceph.url, credentials);
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: name, Body: TEXT }));
      expect(await read(s3, name)).toBe(TEXT);
      expect(await read(reader, name)).toBe(TEXT);
      expect((await credentials()).accessKeyId).not.toMatch(/^ASIAEMULATOR/);
    });

  for (const [name, part, init] of [
    [
      'a key in SoftHSM, made as the guide says, by the example',
      'REAL_HSM',
      {
        guide: 'docs/guides/key-in-an-hsm.md',
        example: 'hsm-key',
        guest: 'identity-pkcs11',
        settings: 'PKCS11_MODULE=$module',
      },
    ],
    [
      'a key in a TPM, made as the guide says, by the example',
      'REAL_TPM',
      {
        guide: 'docs/guides/key-in-a-tpm.md',
        example: 'tpm-key',
        guest: 'identity-tpm',
        settings: 'TPM_DEVICE=unix:$PWD/tpm.sock TPM_KEY_PASSWORD=secret',
      },
    ],
  ] as const)
    testWithCephAnd(part)(name, async () => {
      await compileExample(init.example, [init.guest]);
      const enter = (trustAnchorPem: string) =>
        enterCeph(createTargets(emulator, { trustAnchorPem, roleName: init.example }));
      expect(await followGuide({ ...init, enter })).toEqual({ complaints: [], uploaded: TEXT });
    });

  /** What the example is told, and how to read what it has done. */
  async function enterCeph(targets: Targets) {
    const rolesAnywhere = await emulator.listen();
    return {
      env: {
        AWS_REGION: REGION,
        AWS_ENDPOINT_URL_S3: ceph.url,
        AWS_ENDPOINT_URL_ROLESANYWHERE: rolesAnywhere.url,
        // Ceph answers 411 to the checksum trailers that newer clients send by default.
        AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
        ROLES_ANYWHERE_TRUST_ANCHOR_ARN: targets.trustAnchorArn,
        ROLES_ANYWHERE_PROFILE_ARN: targets.profileArn,
        ROLES_ANYWHERE_ROLE_ARN: targets.roleArn,
      },
      read: (key: string) => read(reader, key),
      close: () => rolesAnywhere.close(),
    };
  }
});

function testWithCephAnd(part: RealPart): ReturnType<typeof testWith> {
  return realPart('REAL_CEPH') === undefined ? testWith('REAL_CEPH') : testWith(part);
}
