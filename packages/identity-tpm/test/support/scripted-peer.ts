import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is sent back for a command: a response, pieces of one, the end of the connection, or silence. */
export type Reaction = Uint8Array | readonly Uint8Array[] | 'end' | 'silence';

/** A socket that behaves as a script says: not a TPM, but what can be wrong with one. */
export interface ScriptedPeer {
  /** For the option `device`. */
  readonly device: string;
  /** In hexadecimal, in order. */
  readonly commands: readonly string[];
  close(): void;
}

/** Starts a peer on a Unix socket. `react` is called for each command; `greet` is sent before anything was asked. */
export async function startScriptedPeer(
  react: (command: string, place: number) => Reaction,
  greet?: Uint8Array,
): Promise<ScriptedPeer> {
  const folder = mkdtempSync(join(tmpdir(), 'peer-'));
  const path = join(folder, 'sock');
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    if (greet !== undefined) socket.write(greet);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const command = bytes.toString('hex');
      commands.push(command);
      answer(socket, react(command, commands.length - 1));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  return {
    device: `unix:${path}`,
    commands,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}

function answer(socket: Socket, reaction: Reaction): void {
  if (reaction === 'silence') return;
  if (reaction === 'end') socket.destroy();
  else if (reaction instanceof Uint8Array) socket.write(reaction);
  else void writePieces(socket, reaction);
}

async function writePieces(socket: Socket, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
