import { type Socket, createConnection, createServer } from 'node:net';

/** Stands between a client and a TPM, and writes down what they say. */
export interface RecordingProxy {
  /** For the option `device`. */
  readonly device: string;
  /** In hexadecimal, in order. */
  readonly exchanges: readonly { readonly command: string; readonly response: string }[];
  close(): void;
}

/** A proxy on a Unix socket beside that of the TPM. */
export async function startRecordingProxy(device: string): Promise<RecordingProxy> {
  const target = device.replace(/^unix:/, '');
  const path = `${target}.recorder`;
  const exchanges: { command: string; response: string }[] = [];
  const server = createServer((client) => pass(client, createConnection({ path: target }), exchanges));
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  return { device: `unix:${path}`, exchanges, close: () => void server.close() };
}

function pass(client: Socket, tpm: Socket, exchanges: { command: string; response: string }[]): void {
  let command = '';
  let response = Buffer.alloc(0);
  client.on('data', (bytes) => {
    command = bytes.toString('hex');
    tpm.write(bytes);
  });
  tpm.on('data', (bytes) => {
    response = Buffer.concat([response, bytes]);
    if (response.length < 6 || response.length < response.readUInt32BE(2)) return;
    exchanges.push({ command, response: response.toString('hex') });
    client.write(response);
    response = Buffer.alloc(0);
  });
  client.on('close', () => tpm.destroy());
  tpm.on('close', () => client.destroy());
  client.on('error', () => tpm.destroy());
  tpm.on('error', () => client.destroy());
}
