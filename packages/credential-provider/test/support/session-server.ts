import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly socket: Socket;
}

/** Answers one request; `index` counts from 0. */
export type Answer = (response: ServerResponse, request: SeenRequest, index: number) => void;

export interface SessionServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

/** A plain HTTP server on a loopback port that answers as it is told and remembers what it was asked. */
export async function startSessionServer(answer: Answer): Promise<SessionServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    void readText(incoming).then((body) => {
      const { method = '', url = '', headers, socket } = incoming;
      const request = { method, target: url, headers, body, socket };
      requests.push(request);
      answer(response, request, requests.length - 1);
      return undefined;
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The JSON of a good answer. */
export function sessionJson(init: { expiration?: string; accessKeyId?: string } = {}): string {
  return JSON.stringify({
    credentialSet: [
      {
        assumedRoleUser: {
          arn: 'arn:aws:sts::111122223333:assumed-role/ExampleRole/ff',
          assumedRoleId: 'AROAEXAMPLEEXAMPLE123:ff',
        },
        credentials: {
          accessKeyId: init.accessKeyId ?? 'ASIAEXAMPLEEXAMPLE12',
          secretAccessKey: 'secret-of-the-test',
          sessionToken: 'token-of-the-test',
          expiration: init.expiration ?? wholeSeconds(Date.now() + 3_600_000),
        },
        packedPolicySize: 10,
        roleArn: 'arn:aws:iam::111122223333:role/ExampleRole',
        sourceIdentity: 'CN=test',
      },
    ],
    subjectArn:
      'arn:aws:rolesanywhere:eu-central-1:111122223333:subject/41c10bae-6783-40d4-ab20-65dc5d922e45',
  });
}

/** A date as the service writes it. */
export function wholeSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Answers 201 with a good session. */
export const giveSession: Answer = (response) => {
  response
    .writeHead(201, { 'content-type': 'application/json', 'x-amzn-requestid': 'request-1' })
    .end(sessionJson());
};

/** Answers with a status, a JSON message and headers. */
export function refuseWith(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (response) => {
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': 'request-1', ...headers })
      .end(JSON.stringify({ message }));
  };
}

async function readText(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return text;
}
