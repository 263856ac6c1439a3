/**
 * `npm run demo`: the seven steps from nothing to an uploaded object, against the emulator, in a temporary folder.
 * `npm run demo -- --keep` leaves the folder there and prints the commands to go on by hand.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificateAuthority, makeServerCertificate } from './certificates.js';
import { startCloud } from './cloud.js';
import { checkWithOpenssl } from './openssl.js';
import { printCommandsToGoOn, writeProfile } from './profile.js';
import { heading, say, step } from './narrator.js';
import { showRefusals } from './refusals.js';
import { useTheSession } from './use-the-session.js';

// The AWS SDK announces its next minimum Node version on every start; that is not what this program shows.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const keep = process.argv.includes('--keep');
const folder = mkdtempSync(join(tmpdir(), 'rolesanywhere-demo-'));
try {
  await demo();
  if (!keep) say('The folder is removed again. To keep it: npm run demo -- --keep');
} finally {
  if (!keep) rmSync(folder, { recursive: true, force: true });
}

async function demo(): Promise<void> {
  say(`Everything below runs on this machine, in ${folder}`);

  step(1, 'A private certificate authority');
  const authority = await makeCertificateAuthority(folder);

  const cloud = await startCloud(folder, {
    authorityPem: authority.certificatePem,
    seed: randomBytes(16).toString('hex'),
  });
  try {
    step(2, 'A trust anchor: IAM Roles Anywhere now trusts that authority');
    say(cloud.trustAnchorArn);
    step(3, 'A role, and the trust policy that lets Roles Anywhere assume it');
    say(cloud.roleArn, JSON.stringify(cloud.trustPolicy));
    step(4, 'A profile: which roles may be asked for');
    say(cloud.profileArn);

    step(5, 'A certificate for the server, signed by the authority');
    const server = await makeServerCertificate(folder, authority);
    await checkWithOpenssl(folder);

    step(6, 'A profile in the AWS configuration that runs our command');
    const configFile = writeProfile(folder, cloud);

    step(7, 'Who am I, and the upload');
    await useTheSession({ folder, cloud, configFile, serialNumber: server.certificate.serialNumber });

    heading('What protects you: each of these is refused');
    await showRefusals({ cloud, authority, server });
    if (keep) printCommandsToGoOn(folder, cloud);
  } finally {
    await cloud.stop();
  }
}
