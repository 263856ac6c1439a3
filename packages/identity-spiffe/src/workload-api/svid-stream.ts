import { type Socket, connect } from 'node:net';
import { type ServerStream, openServerStream } from '../grpc/server-stream.js';
import { type Endpoint, authorityOf } from './endpoint.js';
import { WorkloadApiError } from './workload-api-error.js';
import { type X509Svid, parseX509SvidResponse } from './x509-svid-response.js';

/** Hears the X.509-SVIDs of each message, and in the end why there are no more. */
export interface SvidStreamListener {
  svids(svids: readonly X509Svid[]): void;
  end(error: WorkloadApiError): void;
}

/** What gRPC takes when nothing else is agreed upon. */
const MAXIMUM_MESSAGE_OCTETS = 4 * 1024 * 1024;

/**
 * Calls `FetchX509SVID`, whose request is an empty message, with the metadata that shows the call to be no forged one.
 *
 * @see SPIFFE Workload Endpoint §3; SPIFFE Workload API §5.2.1
 */
export function openSvidStream(endpoint: Endpoint, listener: SvidStreamListener): ServerStream {
  const stream = openServerStream(
    {
      connect: () => openConnection(endpoint),
      authority: authorityOf(endpoint),
      path: '/SpiffeWorkloadAPI/FetchX509SVID',
      metadata: { 'workload.spiffe.io': 'true' },
      request: new Uint8Array(),
      maximumMessageOctets: MAXIMUM_MESSAGE_OCTETS,
    },
    {
      message(message) {
        try {
          listener.svids(parseX509SvidResponse(message));
        } catch (error) {
          stream.close();
          listener.end(error instanceof WorkloadApiError ? error : unreadable(error));
        }
      },
      end: (error) => listener.end(error),
    },
  );
  return stream;
}

function openConnection(endpoint: Endpoint): Socket {
  if (endpoint.kind === 'unix') return connect({ path: endpoint.path });
  return connect({
    host: endpoint.host,
    port: endpoint.port,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  });
}

function unreadable(cause: unknown): WorkloadApiError {
  return new WorkloadApiError(
    'foreign',
    'sent a message that could not be read. Look into the log of the agent.',
    cause,
  );
}
