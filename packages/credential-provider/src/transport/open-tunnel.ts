import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps, type AgentOptions } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { ProxyError } from './proxy-error.js';
import { proxyAuthorization, unbracketed } from './proxy.js';

/** What of the endpoint's options holds for the proxy too. */
export type TunnelOptions = Pick<AgentOptions, 'ca' | 'minVersion' | 'timeout'>;

/**
 * Asks the proxy for a tunnel. Its socket does not keep a finished process alive.
 * @param target - `host:port`, an IPv6 address in brackets
 * @throws ProxyError when the proxy is not reached, is silent for longer than `timeout`, or refuses
 * @see RFC 9110 section 9.3.6, CONNECT
 */
export function openTunnel(proxy: URL, target: string, options: TunnelOptions): Promise<Socket> {
  const open = proxy.protocol === 'https:' ? requestHttps : requestHttp;
  const host = unbracketed(proxy.hostname);
  // Else TLS to the proxy would ask for the target's name, which is in the host header.
  const servername = isIP(host) > 0 ? '' : host;
  return new Promise((resolve, reject) => {
    const request = open({
      ...options,
      method: 'CONNECT',
      host,
      servername,
      port: proxy.port,
      path: target,
      agent: false,
      headers: { host: target, ...proxyAuthorization(proxy) },
    });
    const fail = (cause: Error): void =>
      reject(new ProxyError({ proxy: proxy.host, reason: cause.message, cause }));
    request.once('socket', (socket) => socket.unref());
    request.once('timeout', () => request.destroy(new Error(`no answer within ${options.timeout} ms`)));
    request.once('error', fail);
    request.once('connect', (response: IncomingMessage, socket: Socket, head: Buffer) => {
      request.off('error', fail);
      if (isSuccess(response)) {
        socket.setTimeout(0).removeAllListeners('timeout');
        if (head.length > 0) socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      reject(refusalOf(proxy, response));
    });
    // Without this, an answer to CONNECT other than the tunnel would be taken for one to a request.
    request.once('response', (response) => {
      response.destroy();
      reject(refusalOf(proxy, response));
    });
    request.end();
  });
}

/** Any 2xx opens the tunnel. */
function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** What the proxy said instead of letting a request through. */
export function refusalOf(proxy: URL, { statusCode, statusMessage, headers }: IncomingMessage): ProxyError {
  return new ProxyError({
    proxy: proxy.host,
    ...(statusCode === undefined ? {} : { status: statusCode }),
    reason: [statusMessage, headers['x-squid-error']].filter(Boolean).join(', '),
    schemes: schemesOf(headers['proxy-authenticate'] ?? ''),
  });
}

/** `Negotiate, Basic realm="a", charset="UTF-8"` → `Negotiate`, `Basic` (RFC 9110 section 11.6.1). */
function schemesOf(challenges: string): readonly string[] {
  const withoutTexts = challenges.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return withoutTexts
    .split(',')
    .map((part) => part.trim().split(' ')[0] ?? '')
    .filter((word) => word !== '' && !word.includes('='));
}
