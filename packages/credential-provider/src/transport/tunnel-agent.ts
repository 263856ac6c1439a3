import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { openTunnel } from './open-tunnel.js';

/**
 * An agent whose connections are TLS through a tunnel of the proxy. Opening them does not keep a finished process alive, and
 * fails with a `ProxyError` when the proxy is the cause.
 */
export function tunnelAgent(proxy: URL, options: AgentOptions): Agent {
  const agent = new Agent(options);
  const connectTls = agent.createConnection.bind(agent);
  const { ca, minVersion, timeout } = options;
  const connect = async (target: RequestOptions, callback: Created): Promise<void> => {
    const socket = await openTunnel(proxy, hostAndPort(target), { ca, minVersion, timeout }).catch(asError);
    // The type asks for a stream beside the error; nobody looks at it.
    if (socket instanceof Error) return callback(socket, new Socket());
    const through = { ...target, socket };
    const secured = connectTls(through) ?? socket;
    if (secured instanceof Socket) secured.unref();
    callback(null, secured);
  };
  agent.createConnection = (target, callback) => {
    if (callback !== undefined) void connect(target, callback);
    return undefined;
  };
  return agent;
}

type Created = (error: Error | null, stream: Duplex) => void;

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function hostAndPort({ host, port }: RequestOptions): string {
  const name = String(host);
  return `${name.includes(':') ? `[${name}]` : name}:${port ?? 443}`;
}
