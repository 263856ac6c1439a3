import { expect, test } from '@jest/globals';
import { createEmulator, type Emulator, type Mint, type Verdict } from '../src/index.js';

/** The request handler type of the AWS SDK for JavaScript v3, as its documentation gives it. */
interface SdkHttpHandler {
  readonly metadata?: { readonly handlerProtocol: string };
  destroy?: () => void;
  handle: (
    request: {
      method: string;
      protocol: string;
      hostname: string;
      port?: number;
      path: string;
      query: Record<string, string | string[] | null>;
      headers: Record<string, string>;
      username?: string;
      body?: unknown;
    },
    options?: { abortSignal?: AbortSignal; requestTimeout?: number },
  ) => Promise<{
    response: { statusCode: number; headers: Record<string, string>; body?: unknown; reason?: string };
  }>;
  updateHttpClientConfig(key: string, value: unknown): void;
  httpHandlerConfigs(): object;
}

test('the in-process handler fits the SDK', () => {
  const handler: SdkHttpHandler = createEmulator().requestHandler;
  expect(handler.handle).toBeInstanceOf(Function);
});

const reasonOf = (verdict: Verdict): string | undefined => {
  // @ts-expect-error -- an accepted verdict has no reason
  const unchecked: unknown = verdict.reason;
  return verdict.outcome === 'refused' ? verdict.reason : typeof unchecked;
};

test('a verdict is told apart by its outcome', () => {
  expect(reasonOf).toBeInstanceOf(Function);
});

const neverRun = (emulator: Emulator): void => {
  // @ts-expect-error -- there is no such option
  createEmulator({ tolerance: 5 });
  // @ts-expect-error -- a trust anchor needs certificates
  emulator.createTrustAnchor({ name: 'ca' });
  // @ts-expect-error -- a trust policy is a document, not its text
  emulator.createRole({ roleName: 'r', trustPolicy: '{}' });
};

test('unknown options and incomplete resources do not compile', () => {
  expect(neverRun).toBeInstanceOf(Function);
});

const mint: Mint = async ({ issuedAt }) => ({
  accessKeyId: 'a',
  secretAccessKey: 'b',
  sessionToken: 'c',
  expiration: issuedAt,
});

test('a mint of one’s own needs four members', async () => {
  expect(mint).toBeInstanceOf(Function);
});
