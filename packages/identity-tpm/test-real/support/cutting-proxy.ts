import { type Server, type Socket, createConnection, createServer } from 'node:net';

/** Stands between a client and a TPM, and loses what it is told to lose. */
export interface CuttingProxy {
  /** For the option `device`. */
  readonly device: string;
  /** Codes of the commands that were passed on, in order. */
  readonly commands: readonly number[];
  /** From now on the answer to the next command of this code is lost, and the connection with it. */
  cutAfter(code: number): void;
  close(): void;
}

/** A proxy on a Unix socket beside that of the TPM. */
export async function startCuttingProxy(device: string): Promise<CuttingProxy> {
  const target = device.replace(/^unix:/, '');
  const path = `${target}.proxy`;
  const commands: number[] = [];
  let cut: number | undefined;

  const server: Server = createServer((client) => {
    const tpm: Socket = createConnection({ path: target });
    let isCut = false;
    client.on('data', (command) => {
      const code = command.readUInt32BE(6);
      commands.push(code);
      if (code === cut) {
        isCut = true;
        cut = undefined;
      }
      tpm.write(command);
    });
    tpm.on('data', (answer) => {
      if (isCut) client.destroy();
      else client.write(answer);
      if (isCut) tpm.destroy();
    });
    client.on('close', () => tpm.destroy());
    tpm.on('close', () => client.destroy());
    client.on('error', () => tpm.destroy());
    tpm.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  return {
    device: `unix:${path}`,
    commands,
    cutAfter(code) {
      cut = code;
    },
    close: () => void server.close(),
  };
}
