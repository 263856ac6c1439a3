/** A call of the provider while its credentials are fresh: what every request of an application pays. */
import { fromPem, fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { createEmulator } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { median } from './compare.js';

const CALLS = 200_000;

/** Microseconds a call, median of eleven rounds. */
export async function cachedCall() {
  const provider = await providerWithSession();
  await provider();
  const rounds = [];
  for (let round = 0; round < 11; round += 1) {
    const started = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call += 1) await provider();
    rounds.push(Number(process.hrtime.bigint() - started) / CALLS / 1000);
  }
  return {
    name: 'cachedCallMicroseconds',
    what: 'a cached call of fromRolesAnywhere()()',
    value: Number(median(rounds).toFixed(3)),
    unit: 'µs',
    limit: 1,
  };
}

/** A provider in front of an emulator in this process: a real session, no port. */
export async function providerWithSession() {
  return fromRolesAnywhere(await optionsForEmulator());
}

/** Options of a provider in front of such an emulator. */
export async function optionsForEmulator() {
  const issuer = await issueCertificateAuthority({ subject: 'CN=Bench CA', keyAlgorithm: { type: 'EC' } });
  const issued = await issueCertificate({ subject: 'CN=bench', issuer, keyAlgorithm: { type: 'EC' } });
  const emulator = createEmulator();
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'bench',
    certificates: issuer.certificatePem,
  });
  const { roleArn } = emulator.createRole({
    roleName: 'bench',
    trustPolicy: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'rolesanywhere.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      },
    },
  });
  const { profileArn } = emulator.createProfile({ name: 'bench', roleArns: [roleArn] });
  return {
    trustAnchorArn,
    profileArn,
    roleArn,
    identity: fromPem({ certificate: issued.certificatePem, privateKey: issued.privateKeyPem }),
    clientConfig: { requestHandler: emulator.requestHandler },
  };
}
