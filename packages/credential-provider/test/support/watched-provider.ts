import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Readable } from 'node:stream';
import { createEmulator, type Emulator } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import {
  eventChannels,
  fromPem,
  type FromRolesAnywhereInit,
  type PublishedEvent,
  type RolesAnywhereCredentialProvider,
  type X509Identity,
} from '@rolesanywhere/credential-provider';
import { trustPolicy } from '../../../../tools/test-support/trust-policy.js';
import { createProvider } from '../../src/create-provider.js';
import { createSecretScanner, type SecretScanner } from './secret-scanner.js';
import { createVirtualRuntime, type VirtualRuntime } from './virtual-runtime.js';

/** A service and providers in front of it on one virtual clock, whose events and log lines are written down. */
export interface WatchedWorld {
  readonly runtime: VirtualRuntime;
  readonly emulator: Emulator;
  readonly identity: X509Identity;
  readonly privateKeyPem: string;
  readonly arns: { readonly trustAnchorArn: string; readonly profileArn: string; readonly roleArn: string };
  readonly events: PublishedEvent[];
  /** Level and text. */
  readonly lines: string[];
  /** Knows the private key, and of every call the signature and the credentials. */
  readonly scanner: SecretScanner;
  /** Sets how far the service's clock is ahead of the provider's. */
  putServiceAhead(milliseconds: number): void;
  /** @param arns - those among the options; default: all */
  createProvider(
    init?: FromRolesAnywhereInit,
    arns?: Partial<WatchedWorld['arns']>,
  ): RolesAnywhereCredentialProvider;
  /** Ends the listening. */
  close(): void;
}

export async function createWatchedWorld(): Promise<WatchedWorld> {
  const runtime = createVirtualRuntime();
  const keyAlgorithm = { type: 'EC' } as const;
  const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2046-01-01'), keyAlgorithm };
  const authority = await issueCertificateAuthority({ subject: 'CN=CA', ...validity });
  const issued = await issueCertificate({ subject: 'CN=server', issuer: authority, ...validity });
  const { certificatePem: certificate, privateKeyPem } = issued;
  const identity = await fromPem({ certificate, privateKey: privateKeyPem })();
  let serviceAhead = 0;
  const serviceClock = (): Date => new Date(runtime.now() + serviceAhead);
  const emulator = createEmulator({ region: 'eu-central-1', clock: serviceClock });
  const anchor = { name: 'ca', certificates: authority.certificatePem };
  const { trustAnchorArn } = emulator.createTrustAnchor(anchor);
  const { roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  const arns = { trustAnchorArn, profileArn, roleArn };
  const lines: string[] = [];
  const write = (level: string) => (text: string) => void lines.push(`${level} ${text}`);
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const scanner = createSecretScanner();
  scanner.add('private key', privateKeyPem);
  const requestHandler = overheard(emulator.requestHandler, scanner, serviceClock);
  return {
    runtime,
    emulator,
    identity,
    privateKeyPem,
    arns,
    lines,
    scanner,
    ...recordEvents(),
    putServiceAhead: (milliseconds) => {
      serviceAhead = milliseconds;
    },
    createProvider: ({ clientConfig, ...init } = {}, given = arns) => {
      const config = { requestHandler, maxAttempts: 1, ...clientConfig };
      return createProvider({ ...given, identity, logger, ...init, clientConfig: config }, runtime);
    },
  };
}

type Handler = Pick<Emulator['requestHandler'], 'handle'>;

/** Tells the scanner of all that is secret on the way, and writes the service's date, as a server does. */
function overheard(handler: Handler, scanner: SecretScanner, clock: () => Date): Handler {
  return {
    handle: async (request, options) => {
      scanner.add('signature', /Signature=(\w+)/.exec(request.headers['authorization'] ?? '')?.[1]);
      const { response } = await handler.handle(request, options);
      const body = await textOf(response.body);
      for (const [, name = '', secret] of body.matchAll(
        /"(accessKeyId|secretAccessKey|sessionToken)":"([^"]+)"/g,
      ))
        scanner.add(name, secret);
      const headers = { ...response.headers, date: clock().toUTCString() };
      return { response: { ...response, headers, body: Readable.from([Buffer.from(body)]) } };
    },
  };
}

async function textOf(body: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}

/** Writes down what all channels publish, until it is closed. */
export function recordEvents(): { readonly events: PublishedEvent[]; close(): void } {
  const events: PublishedEvent[] = [];
  // The channels publish nothing else.
  const listen = (message: unknown): void => void events.push(message as PublishedEvent);
  const channels = Object.values(eventChannels);
  for (const channel of channels) subscribe(channel, listen);
  return {
    events,
    close: () => {
      for (const channel of channels) unsubscribe(channel, listen);
    },
  };
}
