import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { testWith } from '../../../tools/test-support/real-parts.js';
import { fromTpm } from '../src/index.js';
import { MESSAGES, RECORDINGS, type Recording, recorded } from '../test/support/recordings.js';
import { makeAuthority } from './support/make-keys.js';
import { RECORDED_CASES, type RecordedCase } from './support/recorded-cases.js';
import { startRecordingProxy } from './support/recording-proxy.js';
import { type Swtpm, startSwtpm } from './support/start-swtpm.js';

/** `RECORD=1 npm run test:real -- packages/identity-tpm/test-real/recordings` writes them anew. */
const isRecording = process.env['RECORD'] === '1';

/** TPM_RC_RETRY. */
const RETRY = '00000922';

/** Of a command or of a response: both have it after tag and size. */
function codeOf(bytes: string): string {
  return bytes.slice(12, 20);
}

/** As long as a certificate can be: the recordings are kept. */
async function certifyForLong(tpm: Swtpm): Promise<string> {
  await makeAuthority(tpm);
  const issuer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-extfile', 'leaf.ext', '-days', '36500'];
  const subject = ['-in', 'request.csr', '-force_pubkey', 'key.pub'];
  await tpm.tool('openssl', 'x509', '-req', ...subject, ...issuer, '-out', 'key.crt');
  return tpm.tool('openssl', 'x509', '-in', 'key.crt');
}

async function resultOf(tpm: Swtpm, device: string, { handle, password }: RecordedCase): Promise<string> {
  const provider = fromTpm({
    certificate: join(tpm.folder, 'key.crt'),
    privateKey: handle ?? join(tpm.folder, 'key.pem'),
    device,
    ...(password === undefined ? {} : { password }),
  });
  try {
    const { key } = await provider();
    for (const message of MESSAGES) await key.sign(Buffer.from(message));
    return 'signed';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await provider.close();
  }
}

async function record(one: RecordedCase): Promise<Recording> {
  const tpm = await startSwtpm();
  try {
    await one.make(tpm);
    const certificate = await certifyForLong(tpm);
    await one.disturb?.(tpm);
    const proxy = await startRecordingProxy(tpm.device);
    const result = await resultOf(tpm, proxy.device, one);
    proxy.close();
    const { title, handle, password } = one;
    const key =
      handle === undefined ? { keyFile: readFileSync(join(tpm.folder, 'key.pem'), 'utf8') } : { handle };
    const version = /version ([\d.]+)/.exec(await tpm.tool('swtpm', '--version'))?.[1];
    const facts = { title, maker: `swtpm ${version}`, certificate, ...key };
    return {
      ...facts,
      ...(password === undefined ? {} : { password }),
      result,
      // How often a TPM wants a command again is not always the same.
      exchanges: proxy.exchanges.filter(({ response }) => codeOf(response) !== RETRY),
    };
  } finally {
    await tpm.stop();
  }
}

/** Keys, names and signatures are others every time; the commands and the codes of their responses are not. */
function structureOf({ title, result, exchanges }: Recording): unknown {
  const steps = exchanges.map(({ command, response }) => [codeOf(command), codeOf(response)]);
  return { title, result, steps };
}

for (const [name, one] of Object.entries(RECORDED_CASES)) {
  testWith('REAL_TPM')(
    `is answered as it was recorded: ${name}`,
    async () => {
      const recording = await record(one);
      if (isRecording)
        writeFileSync(join(RECORDINGS, `${name}.json`), `${JSON.stringify(recording, undefined, 2)}\n`);
      expect(structureOf(recording)).toEqual(structureOf(recorded(name)));
    },
    60_000,
  );
}
