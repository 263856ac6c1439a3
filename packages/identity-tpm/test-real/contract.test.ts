import { join } from 'node:path';
import {
  describeIdentityContract,
  type IdentityUnderTest,
} from '../../../tools/test-support/identity-contract.js';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { type FromTpmInit, fromTpm } from '../src/index.js';
import { startDeviceFile } from './support/device-file.js';
import { certify, makeAuthority, makeByOpenssl, makeByTools, makePersistent } from './support/make-keys.js';
import { type Swtpm, startSwtpm } from './support/start-swtpm.js';

const PASSWORD = 'Tr0ub4dor-and-3';
const WRONG = 'a wrong password';

/** Everything but the place of the key: certificates, failures, secrets. */
async function subjectOf(
  tpm: Swtpm,
  key: Pick<FromTpmInit, 'privateKey' | 'password'> & { readonly device?: string },
): Promise<IdentityUnderTest> {
  const authority = await makeAuthority(tpm);
  const certificate = join(tpm.folder, 'key.crt');
  const init = { certificate, device: tpm.device, ...key };
  return {
    provider: fromTpm(init),
    certificatePem: await certify(tpm, 'key'),
    trustAnchorPem: authority.certificatePem,
    rotate: () => certify(tpm, 'key'),
    ...(key.password === undefined
      ? {}
      : {
          passphrase: {
            right: PASSWORD,
            wrong: WRONG,
            open: (password: () => Promise<string>) => fromTpm({ ...init, password }),
            names: key.privateKey,
            countWrong: () => tpm.wrongPasswords(),
          },
        }),
    missing: {
      provider: fromTpm({ ...init, device: `unix:${tpm.folder}/none` }),
      code: 'IDENTITY_UNAVAILABLE',
      names: `unix:${tpm.folder}/none`,
    },
    secrets: [PASSWORD, WRONG],
    end: () => tpm.stop(),
  };
}

function describeContracts(): void {
  for (const type of ['P-256', 'RSA', 'P-384'] as const) {
    describeIdentityContract(`fromTpm, a ${type} key file by OpenSSL, Unix socket`, async () => {
      const tpm = await startSwtpm();
      await makeByOpenssl(tpm, 'key', { type, password: PASSWORD });
      return subjectOf(tpm, { privateKey: join(tpm.folder, 'key.pem'), password: PASSWORD });
    });
  }

  for (const algorithm of ['ecc256:ecdsa-sha256', 'rsa2048']) {
    describeIdentityContract(`fromTpm, a persistent ${algorithm} key by tpm2-tools, TCP`, async () => {
      const tpm = await startSwtpm('tcp');
      await makeByTools(tpm, 'key', { algorithm, password: PASSWORD });
      await makePersistent(tpm, 'key', '0x81000101');
      return subjectOf(tpm, { privateKey: 'handle:0x81000101', password: async () => PASSWORD });
    });
  }

  describeIdentityContract(
    { name: 'fromTpm, a P-256 key file by OpenSSL, TCP', lacks: ['passphrase'] },
    async () => {
      const tpm = await startSwtpm('tcp');
      await makeByOpenssl(tpm, 'key', { type: 'P-256' });
      return subjectOf(tpm, { privateKey: join(tpm.folder, 'key.pem') });
    },
  );

  describeIdentityContract(
    { name: 'fromTpm, a persistent P-256 key, Unix socket', lacks: ['passphrase'] },
    async () => {
      const tpm = await startSwtpm();
      await makeByTools(tpm, 'key', { algorithm: 'ecc256' });
      await makePersistent(tpm, 'key', '0x81000101');
      return subjectOf(tpm, { privateKey: 'handle:81000101' });
    },
  );
}

function describeDeviceContract(): void {
  describeIdentityContract(
    { name: 'fromTpm, an RSA key file by OpenSSL, character device', lacks: ['passphrase'] },
    async () => {
      const tpm = await startSwtpm();
      await makeByOpenssl(tpm, 'key', { type: 'RSA' });
      const subject = await subjectOf(tpm, { privateKey: join(tpm.folder, 'key.pem') });
      const renewed = await certify(tpm, 'key', 'renewed');
      const device = await startDeviceFile(tpm);
      const init = { certificate: join(tpm.folder, 'renewed.crt'), privateKey: join(tpm.folder, 'key.pem') };
      const { rotate: _none, ...others } = subject;
      return {
        ...others,
        certificatePem: renewed,
        provider: fromTpm({ ...init, device: device.path }),
        end: async () => {
          await device.stop();
          await tpm.stop();
        },
      };
    },
  );
}

if (realPart('REAL_TPM') === undefined)
  testWith('REAL_TPM')('the contract of an identity: fromTpm', () => undefined);
else {
  describeContracts();
  describeDeviceContract();
}
