import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { createEmulator } from '@rolesanywhere/emulator';
import { testWith } from '../../../tools/test-support/real-parts.js';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';
import { fromTpm } from '../src/index.js';
import { certify, makeAuthority, makeByOpenssl } from './support/make-keys.js';
import { startSwtpm } from './support/start-swtpm.js';

testWith('REAL_TPM')(
  'gets credentials with a key in a TPM, and again with a new key and certificate',
  async () => {
    const tpm = await startSwtpm();
    const files = { certificate: join(tpm.folder, 'key.crt'), privateKey: join(tpm.folder, 'key.pem') };
    const identity = fromTpm({ ...files, device: tpm.device });
    try {
      await makeAuthority(tpm);
      const emulator = createEmulator({ region: 'eu-central-1' });
      const certificates = readFileSync(join(tpm.folder, 'ca.crt'), 'utf8');
      const { trustAnchorArn } = emulator.createTrustAnchor({ name: 'ca', certificates });
      const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
      const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });
      const credentials = fromRolesAnywhere({
        trustAnchorArn,
        profileArn,
        roleArn,
        identity,
        clientConfig: { requestHandler: emulator.requestHandler },
      });
      const sessions = [];
      for (const type of ['P-256', 'RSA'] as const) {
        await makeByOpenssl(tpm, 'key', { type });
        await certify(tpm, 'key');
        const { accessKeyId } = await credentials({ forceRefresh: true });
        sessions.push(emulator.findSession(accessKeyId)?.assumedRoleArn);
      }
      expect(new Set(sessions).size).toBe(2);
      expect(String(sessions[1])).toContain('assumed-role/ExampleRole/');
    } finally {
      await identity.close();
      await tpm.stop();
    }
  },
  60_000,
);
