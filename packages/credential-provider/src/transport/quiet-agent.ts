import type { Agent } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The agent, with connections that do not keep a finished process alive: whoever waits for a session does that. */
export function quiet(agent: Agent): Agent {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const opened = connect(options, (error, socket) => {
      unref(socket);
      callback?.(error, socket);
    });
    unref(opened);
    return opened;
  };
  agent.reuseSocket = (_socket, request) => {
    request.reusedSocket = true;
  };
  return agent;
}

/** `Duplex` is what an agent is typed to open; a socket is what it opens. A proxy's agent opens it later. */
function unref(socket: Duplex | null | undefined): void {
  if (socket instanceof Socket) socket.unref();
}
