import type { RawRequest } from '../../src/http.js';
import type { RefusedVerdict } from '../../src/index.js';
import type { TestWorld } from './create-test-world.js';

/** What a client sees, and what the verdict says of it. */
export interface Judged {
  readonly status: number;
  readonly errorType: string | undefined;
  readonly text: unknown;
  readonly reason: RefusedVerdict['reason'] | undefined;
}

/** Sends one request to the world's emulator, and reads its answer and its one verdict. */
export async function sendAndJudge(world: TestWorld, request: RawRequest): Promise<Judged> {
  const before = world.verdicts.length;
  const response = await world.emulator.handle(request);
  const [verdict, ...more] = world.verdicts.slice(before);
  if (verdict === undefined || more.length > 0) throw new Error('Every request has one verdict');
  const body: { readonly message?: unknown } = JSON.parse(Buffer.from(response.body).toString('utf8'));
  return {
    status: response.status,
    errorType: response.headers['x-amzn-ErrorType'],
    text: body.message,
    reason: verdict.outcome === 'refused' ? verdict.reason : undefined,
  };
}

/** The flat refusal of everything about signature and clock, with the reason that tells it apart. */
export function invalidSignature(reason: RefusedVerdict['reason']): Judged {
  return denied(reason, 'Invalid signature');
}

export function denied(reason: RefusedVerdict['reason'], text: string): Judged {
  return { status: 403, errorType: 'AccessDeniedException', text, reason };
}

export const ACCEPTED: Judged = { status: 201, errorType: undefined, text: undefined, reason: undefined };
