import { join } from 'node:path';
import { expect } from '@jest/globals';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { createEmulator } from '@rolesanywhere/emulator';
import { testWith } from '../../../tools/test-support/real-parts.js';
import { createTargets } from '../../../tools/test-support/create-targets.js';
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
      const { certificatePem } = await makeAuthority(tpm);
      const emulator = createEmulator({ region: 'eu-central-1' });
      const credentials = fromRolesAnywhere({
        ...createTargets(emulator, { trustAnchorPem: certificatePem }),
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
