import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { createEmulator } from '@rolesanywhere/emulator';
import { createTargets } from '../../../tools/test-support/create-targets.js';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy } from './support/certificates.js';
import { type OpensslFolder, exportPkcs12, opensslFolder } from './support/openssl.js';

const PASSPHRASE = 'correct horse';
let folder: string;
let openssl: OpensslFolder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'credentials-'));
  openssl = opensslFolder();
});
afterAll(() => {
  openssl.remove();
  rmSync(folder, { recursive: true });
});

test('credentials are refreshed with the certificate that the file holds then', async () => {
  const { root, issuer, leaf } = await createHierarchy();
  const emulator = createEmulator({ region: 'eu-central-1' });
  const file = join(folder, 'server.p12');
  const issue = async (subject: string): Promise<string> => {
    const issued = await leaf(subject);
    const init = {
      leaf: issued,
      chain: [issuer],
      passphrase: PASSPHRASE,
      out: 'x.p12',
      options: ['-legacy'],
    };
    writeFileSync(file, exportPkcs12(openssl, init));
    return issued.certificate.serialNumber.toString(16);
  };
  const credentials = fromRolesAnywhere({
    ...createTargets(emulator, { trustAnchorPem: root.certificatePem }),
    identity: fromPkcs12({ file, passphrase: PASSPHRASE }),
    clientConfig: { requestHandler: emulator.requestHandler },
  });
  for (const subject of ['CN=first', 'CN=renewed']) {
    const serial = await issue(subject);
    const { accessKeyId } = await credentials({ forceRefresh: true });
    expect(emulator.findSession(accessKeyId)?.assumedRoleArn).toContain(serial);
  }
});
