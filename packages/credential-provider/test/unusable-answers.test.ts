import { expect, test } from '@jest/globals';
import type { HttpResponse } from '@smithy/types';
import { createProvider } from '../src/create-provider.js';
import { testIdentity } from './support/identity.js';
import { arns, rejectionOf } from './support/options.js';
import { sessionJson, wholeSeconds } from './support/session-server.js';
import { createVirtualRuntime } from './support/virtual-runtime.js';

const minute = 60_000;
const identity = testIdentity();
const noon = Date.parse('2026-11-25T12:00:00Z');
const later = (milliseconds: number): string => wholeSeconds(noon + milliseconds);

test.each<[string, string]>([
  ['empty', ''],
  ['an empty object', '{}'],
  ['an empty set', '{"credentialSet":[]}'],
  ['without a secret', sessionJson({ expiration: later(60 * minute) }).replace('secretAccessKey', 'secret')],
  ['with an empty token', sessionJson({ expiration: later(60 * minute) }).replace('token-of-the-test', '')],
  ['torn', sessionJson({ expiration: later(60 * minute) }).slice(0, 200)],
  ['expired', sessionJson({ expiration: later(-minute) })],
  ['expired in this second', sessionJson({ expiration: later(0) })],
  ['without an expiration', sessionJson().replace('expiration', 'expires')],
  ['later than any session lasts', sessionJson({ expiration: later(30 * 60 * minute) })],
  ['with an expiration that is no date', sessionJson({ expiration: 'tomorrow' })],
])(
  'an answer that is %s is not kept: an error at the start, the old session at a refresh',
  async (_name, body) => {
    const runtime = createVirtualRuntime();
    const good = (): string => sessionJson({ expiration: wholeSeconds(runtime.now() + 60 * minute) });
    let answer = (): string => body;
    const clientConfig = {
      endpoint: 'https://rolesanywhere.example',
      requestHandler: {
        handle: async (): Promise<{ response: HttpResponse }> => ({
          response: { statusCode: 201, headers: {}, body: answer() },
        }),
      },
    };
    const provider = createProvider({ ...arns, identity, clientConfig }, runtime);
    expect(await rejectionOf(provider())).toMatchObject({ code: 'RESPONSE_MALFORMED' });

    answer = good;
    await runtime.advance(2000);
    const { expiration } = await provider();
    await runtime.advance(55 * minute);
    answer = () => body.replace(later(0), wholeSeconds(runtime.now()));
    expect((await provider()).expiration).toEqual(expiration);
    await runtime.advance(0);
    expect((await provider()).expiration).toEqual(expiration);
  },
);
