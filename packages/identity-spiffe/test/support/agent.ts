import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  loadPackageDefinition,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { SvidMessage } from './svid.js';

const PROTO = fileURLToPath(new URL('workloadapi.proto', import.meta.url));

export interface X509SvidResponse {
  readonly svids: readonly SvidMessage[];
  readonly crl?: readonly Uint8Array[];
  readonly federated_bundles?: Readonly<Record<string, Uint8Array>>;
}

/** What the agent answers a call with: a message, after which the stream stays open, a status, or nothing. */
export type AgentAnswer = X509SvidResponse | { readonly code: status; readonly details: string } | 'silence';

/** An agent on `@grpc/grpc-js`, which refuses calls without the security header as the specification says. */
export interface Agent {
  /** As `endpoint` takes it. */
  readonly endpoint: string;
  /** How many calls came. */
  calls(): number;
  /** How many streams are open. */
  openStreams(): number;
  /** For later calls, and as a message on the open streams. */
  push(answer: AgentAnswer): void;
  /** Ends the open streams with a status. */
  breakOff(code: status, details: string): void;
  /** Goes away at once, with all connections. */
  stop(): Promise<void>;
  /** Comes back at the same place. */
  restart(): Promise<void>;
  /** The same as `stop`, and removes the folder of the socket. */
  end(): Promise<void>;
}

export async function startAgent(first: AgentAnswer, transport: 'unix' | 'tcp' = 'unix'): Promise<Agent> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  const streams = new Set<ServerWritableStream<object, X509SvidResponse>>();
  let answer = first;
  let count = 0;
  let server: Server | undefined;
  let port = 0;

  function send(stream: ServerWritableStream<object, X509SvidResponse>): void {
    if (answer === 'silence') return;
    if ('svids' in answer) stream.write(answer);
    else
      stream.emit('error', Object.assign(new Error(answer.details), { ...answer, metadata: new Metadata() }));
  }

  function fetchX509Svid(stream: ServerWritableStream<object, X509SvidResponse>): void {
    count += 1;
    if (stream.metadata.get('workload.spiffe.io')[0] !== 'true') {
      const details = 'security header missing from request';
      stream.emit('error', Object.assign(new Error(details), { code: status.INVALID_ARGUMENT, details }));
      return;
    }
    streams.add(stream);
    stream.on('cancelled', () => streams.delete(stream));
    stream.on('close', () => streams.delete(stream));
    send(stream);
  }

  async function start(): Promise<void> {
    server = new Server({ 'grpc.max_send_message_length': -1 });
    server.addService(serviceDefinition(), { FetchX509SVID: fetchX509Svid });
    const address = transport === 'unix' ? `unix:${join(folder, 'agent.sock')}` : `127.0.0.1:${port}`;
    port = await new Promise<number>((resolve, reject) => {
      server?.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
  }

  async function stop(): Promise<void> {
    streams.clear();
    server?.forceShutdown();
    server = undefined;
  }

  await start();
  return {
    endpoint: transport === 'unix' ? `unix://${join(folder, 'agent.sock')}` : `tcp://127.0.0.1:${port}`,
    calls: () => count,
    openStreams: () => streams.size,
    push(next) {
      answer = next;
      streams.forEach(send);
    },
    breakOff(code, details) {
      for (const stream of streams)
        stream.emit('error', Object.assign(new Error(details), { code, details }));
    },
    stop,
    restart: start,
    async end() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serviceDefinition(): ServiceDefinition {
  const loaded = loadPackageDefinition(loadSync(PROTO, { keepCase: true }));
  const service = loaded['SpiffeWorkloadAPI'];
  if (typeof service !== 'function' || !('service' in service)) throw new Error('the proto has no service');
  return service.service;
}
