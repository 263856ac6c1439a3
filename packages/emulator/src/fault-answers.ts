import type { RawResponse } from './http.js';
import { randomUuid, type RandomBytes } from './random.js';

/** Answers that do not depend on the request. */
export type FaultyAnswer =
  | { readonly type: 'throttle'; readonly retryAfterSeconds?: number }
  | { readonly type: 'serverError'; readonly status?: number; readonly retryAfterSeconds?: number }
  | { readonly type: 'redirect'; readonly location: string; readonly status?: number }
  | { readonly type: 'webPage'; readonly status?: number }
  | { readonly type: 'emptyObject' };

/** What dates and numbers an answer. */
export interface AnswerContext {
  readonly clock: () => Date;
  readonly random: RandomBytes;
}

/**
 * The answer as the service, or something on the way to it, gives it.
 * @see AWS restJson1 protocol, "Operation error serialization"; RFC 9110 section 10.2.3 (Retry-After)
 */
export function faultyAnswer(fault: FaultyAnswer, context: AnswerContext): RawResponse {
  switch (fault.type) {
    case 'throttle':
      return serviceError(
        { status: 429, errorType: 'ThrottlingException', text: 'Rate exceeded', ...fault },
        context,
      );
    case 'serverError':
      return serviceError(
        { status: 500, errorType: 'InternalServerException', text: 'Internal server error', ...fault },
        context,
      );
    case 'redirect': {
      const headers = { Date: context.clock().toUTCString(), Location: fault.location };
      return { status: fault.status ?? 301, headers, body: '' };
    }
    case 'webPage':
      return {
        status: fault.status ?? 200,
        headers: { 'Content-Type': 'text/html', Date: context.clock().toUTCString() },
        body: '<!DOCTYPE html><title>Sign in</title><h1>Sign in to the network</h1>',
      };
    case 'emptyObject':
    default:
      return { status: 201, headers: serviceHeaders(context), body: '{}' };
  }
}

interface ServiceError {
  readonly status: number;
  readonly errorType: string;
  readonly text: string;
  readonly retryAfterSeconds?: number;
}

function serviceError(error: ServiceError, context: AnswerContext): RawResponse {
  const { status, errorType, text, retryAfterSeconds } = error;
  return {
    status,
    headers: {
      ...serviceHeaders(context),
      'x-amzn-ErrorType': errorType,
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ message: text }),
  };
}

function serviceHeaders({ clock, random }: AnswerContext): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Date: clock().toUTCString(),
    'x-amzn-RequestId': randomUuid(random),
  };
}
