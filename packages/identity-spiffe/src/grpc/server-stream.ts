import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  connect,
} from 'node:http2';
import type { Socket } from 'node:net';
import { WorkloadApiError } from '../workload-api/workload-api-error.js';
import { createMessageReader, frameMessage } from './message-reader.js';
import { type GrpcStatus, readStatus } from './status.js';
import { fromConnection, fromHeaders, fromStatus } from './stream-error.js';

/** One call of a method that answers with a stream. */
export interface ServerStreamCall {
  /** Opens the connection, which is the call's own. */
  connect(): Socket;
  /** Goes into `:authority`. */
  readonly authority: string;
  /** `/Service/Method`. */
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly request: Uint8Array;
  /** Octets of the largest message that is taken. */
  readonly maximumMessageOctets: number;
}

/** Hears what comes. After `end` nothing comes any more. */
export interface ServerStreamListener {
  readonly message: (message: Uint8Array) => void;
  readonly end: (error: WorkloadApiError) => void;
}

/** A call that was made. */
export interface ServerStream {
  /** Ends it at once; the listener hears nothing more. */
  close(): void;
  /** Asks the other side for a sign of life, which calls back. One that cannot be asked, as it is going away, counts as alive. */
  ping(alive: () => void): void;
}

/** The last words of a stream that has none of its own. */
const GONE = 'is shutting down (GOAWAY). Wait for it to come back.';
const CUT_OFF = 'broke off in the middle of a message. Look into the log of the agent.';

/**
 * Makes a gRPC call over a connection of its own, without TLS. The connection does not keep a finished process alive. An end
 * with status OK is an end like any other: these streams have none. A server that goes away gracefully may go on with the
 * stream for as long as it likes.
 *
 * @see gRPC over HTTP/2; RFC 9113 §6.8 (GOAWAY)
 */
export function openServerStream(call: ServerStreamCall, listener: ServerStreamListener): ServerStream {
  const socket = call.connect();
  socket.unref();
  // The session tells of it; what comes when that is destroyed has no other listener.
  socket.on('error', () => undefined);
  const session = connect('http://localhost', {
    createConnection: () => socket,
    settings: { enablePush: false },
  });
  let isEnded = false;
  let isGoingAway = false;
  let lastWord = SILENT;

  function close(): void {
    isEnded = true;
    session.destroy();
    socket.destroy();
  }

  function end(error: WorkloadApiError): void {
    if (isEnded) return;
    close();
    listener.end(error);
  }

  function message(octets: Uint8Array): void {
    if (!isEnded) listener.message(octets);
  }

  /** The stream's own word first, then that of the server about all of its streams, then what the connection came to. */
  function endBy(cause?: unknown): void {
    end(lastWord() ?? (isGoingAway ? new WorkloadApiError('unavailable', GONE) : fromConnection(cause)));
  }

  session.on('error', endBy);
  session.on('goaway', () => {
    isGoingAway = true;
  });
  session.on('close', () => endBy());
  session.once('connect', () => {
    // Told also of a session that was destroyed before, which takes no request.
    if (session.destroyed) return;
    const stream = request(session, call);
    lastWord = listen(stream, { limit: call.maximumMessageOctets, message, end });
    // When the session goes down with it, that knows more of the reason, and has its say when it is closed.
    stream.on('close', () => {
      if (!session.destroyed) endBy(stream.errored ?? undefined);
    });
  });
  return { close, ping: (alive) => sendPing(session, alive) };
}

function sendPing(session: ClientHttp2Session, alive: () => void): void {
  if (session.connecting || session.closed || session.destroyed) return alive();
  session.ping((error) => {
    if (error === null) alive();
  });
}

/** What the stream has said about its end so far. */
type LastWord = () => WorkloadApiError | undefined;

const SILENT: LastWord = () => undefined;

function request(session: ClientHttp2Session, call: ServerStreamCall): ClientHttp2Stream {
  const stream = session.request({
    ':method': 'POST',
    ':authority': call.authority,
    ':path': call.path,
    te: 'trailers',
    'content-type': 'application/grpc',
    'user-agent': 'rolesanywhere-identity-spiffe',
    ...call.metadata,
  });
  stream.end(frameMessage(call.request));
  return stream;
}

interface StreamTarget extends ServerStreamListener {
  readonly limit: number;
}

/** Messages as they come. The status that the server gave, whether in headers or in trailers, is the last word. */
function listen(stream: ClientHttp2Stream, { limit, message, end }: StreamTarget): LastWord {
  const reader = createMessageReader(limit);
  let status: GrpcStatus | undefined;

  const takeStatus = (headers: IncomingHttpHeaders): void => {
    status = readStatus(headers) ?? status;
  };
  stream.on('response', (headers) => {
    const fault = fromHeaders(headers);
    if (fault === undefined) takeStatus(headers);
    else end(fault);
  });
  stream.on('trailers', takeStatus);
  stream.on('data', (piece: Uint8Array) => {
    try {
      reader.read(piece).forEach(message);
    } catch (error) {
      end(error instanceof WorkloadApiError ? error : fromConnection(error));
    }
  });
  // It is kept in `errored`; the end of the stream tells of it.
  stream.on('error', () => undefined);
  return () => {
    if (status !== undefined) return fromStatus(status);
    return reader.isInside() ? new WorkloadApiError('unavailable', CUT_OFF) : undefined;
  };
}
