import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Swtpm } from './start-swtpm.js';

/** A character device in front of an emulated TPM. */
export interface DeviceFile {
  readonly path: string;
  stop(): Promise<void>;
}

/**
 * A pseudo terminal in raw mode that stands for `/dev/tpmrm0`: what is written to it goes to the TPM, and what the TPM
 * answers is read from it. It holds one connection to the TPM for as long as it is there.
 */
export async function startDeviceFile(tpm: Swtpm): Promise<DeviceFile> {
  const path = join(tpm.folder, 'tpm-device');
  const socket = tpm.device.replace(/^unix:/, '');
  const child = spawn('socat', [`PTY,link=${path},raw,echo=0`, `UNIX-CONNECT:${socket}`], {
    stdio: 'ignore',
  });
  for (let waited = 0; !existsSync(path); waited += 20) {
    if (waited > 10_000) throw new Error('socat did not start');
    await pause(20);
  }
  return {
    path,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}
