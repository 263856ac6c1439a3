import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { createEmulator, type Emulator, type Listening, type ListenOptions } from '@rolesanywhere/emulator';
import {
  issueCertificate,
  issueCertificateAuthority,
  type IssueCertificateInit,
  type IssuedCertificate,
} from '@rolesanywhere/pki';
import type {
  FromRolesAnywhereInit,
  RolesAnywhereCredentialProvider,
  X509Identity,
} from '@rolesanywhere/credential-provider';
import { fromPem } from '@rolesanywhere/credential-provider';
import { trustPolicy } from '../../../../tools/test-support/trust-policy.js';
import { createProvider } from '../../src/create-provider.js';
import { createFastRuntime, type FastRuntime } from './fast-runtime.js';

/** A service with real sockets and TLS, and a provider that calls it, both on one clock that runs 20 times faster. */
export interface FaultWorld {
  readonly runtime: FastRuntime;
  readonly emulator: Emulator;
  /** `https://localhost:…`, with a certificate that the provider trusts. */
  readonly url: string;
  /** Where the provider calls; may be set anew. */
  endpoint: string;
  /** The service at another port of its own. */
  listen(options?: ListenOptions): Promise<string>;
  /** Key and certificate of a server. */
  issueServer(init?: Partial<IssueCertificateInit>): Promise<{ key: string; cert: string }>;
  createProvider(init?: FromRolesAnywhereInit): RolesAnywhereCredentialProvider;
  /** Called by `close`. */
  onClose(callback: () => unknown): void;
  close(): Promise<void>;
}

/** What takes a moment to make, and every world can share. */
export interface FaultAuthority {
  readonly authority: IssuedCertificate;
  readonly identity: X509Identity;
}

const keyAlgorithm = { type: 'EC' } as const;

export async function createFaultAuthority(): Promise<FaultAuthority> {
  // Valid for a service whose clock is behind, too.
  const notBefore = new Date(Date.now() - 3_600_000);
  const authority = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm, notBefore });
  const issued = await issueCertificate({ subject: 'CN=client', issuer: authority, keyAlgorithm, notBefore });
  const identity = await fromPem({ certificate: issued.certificatePem, privateKey: issued.privateKeyPem })();
  return { authority, identity };
}

export async function createFaultWorld({ authority, identity }: FaultAuthority): Promise<FaultWorld> {
  const runtime = createFastRuntime(20);
  const emulator = createEmulator({ region: 'eu-central-1', clock: () => new Date(runtime.now()) });
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'ca',
    certificates: authority.certificatePem,
  });
  const { roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  const open: Pick<Listening, 'close'>[] = [];
  const listen: FaultWorld['listen'] = async (options) => {
    const listening = await emulator.listen(options);
    open.push(listening);
    return listening.url.replace('127.0.0.1', 'localhost');
  };
  const issueServer: FaultWorld['issueServer'] = async (init) => {
    const subjectAlternativeName = [{ type: 'dns', value: 'localhost' }] as const;
    const common = { subject: 'CN=localhost', extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] };
    const issued = await issueCertificate({
      ...common,
      subjectAlternativeName,
      issuer: authority,
      keyAlgorithm,
      ...init,
    });
    return { key: issued.privateKeyPem, cert: issued.certificatePem };
  };
  const url = await listen({ tls: await issueServer() });
  const world: FaultWorld = {
    runtime,
    emulator,
    url,
    endpoint: url,
    listen,
    issueServer,
    createProvider: ({ clientConfig, ...init } = {}) =>
      createProvider(
        {
          trustAnchorArn,
          profileArn,
          roleArn,
          identity,
          ...init,
          clientConfig: {
            endpoint: async () => world.endpoint,
            requestHandler: { httpsAgent: { ca: authority.certificatePem } },
            ...clientConfig,
          },
        },
        runtime,
      ),
    onClose: (callback) => {
      open.push({ close: async () => void (await callback()) });
    },
    close: async () => {
      await Promise.all(open.map((listening) => listening.close()));
    },
  };
  return world;
}

/** A port at which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (address === null || typeof address === 'string') throw new Error('The server had no port.');
  return address.port;
}

/** A proxy that asks everybody for authentication. */
export async function serveRefusingProxy(world: FaultWorld): Promise<string> {
  const proxy = createHttpServer();
  proxy.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
  const port = await freePort();
  await new Promise<void>((resolve) => {
    proxy.listen(port, '127.0.0.1', resolve);
  });
  world.onClose(() => proxy.close());
  return `http://127.0.0.1:${port}`;
}
