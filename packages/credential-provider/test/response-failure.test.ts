import { describe, expect, test } from '@jest/globals';
import type { AttemptFailure } from '../src/attempt-failure.js';
import { describeRefusal } from '../src/response-failure.js';

const call = { host: 'rolesanywhere.example', subject: 'certificate serial 0xff', now: 0 };

function refused(status: number, body: string, headers: Record<string, string> = {}): AttemptFailure {
  return describeRefusal({ status, headers, body: new TextEncoder().encode(body) }, call);
}

describe('the error type', () => {
  test.each([
    [{ 'x-amzn-errortype': 'AccessDeniedException' }, '{}'],
    [{ 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/' }, '{}'],
    [{ 'x-amzn-errortype': 'aws.rolesanywhere#AccessDeniedException:x' }, '{}'],
    [{}, '{"__type":"aws.rolesanywhere#AccessDeniedException"}'],
    [{}, '{"code":"AccessDeniedException"}'],
  ])('is found in %p %s', (headers, body) => {
    expect(refused(403, body, headers).serviceCode).toBe('AccessDeniedException');
  });
});

test.each(['{"message":"Certificate revoked"}', '{"Message":"Certificate revoked"}'])(
  'the text is found in %s',
  (body) => {
    expect(refused(403, body).message).toContain('"Certificate revoked"');
  },
);

test.each([
  ['Untrusted certificate. Insufficient certificate', 'keyUsage=critical,digitalSignature'],
  ['Untrusted Signing Certificate', 'intermediate'],
  ['Certificate revoked', 'CRL'],
  ['Invalid signature', 'clock'],
  ["Specified Trust Anchor wasn't found.", 'list-trust-anchors'],
  ['Invalid or empty profile provided.', 'list-profiles'],
  ["Requested Role isn't one of those listed in the Profile.", 'Add the role to the profile'],
  ['Unable to assume role for arn:aws:iam::1:role/x.', 'sts:SetSourceIdentity'],
  [
    'Unable to assume role for x. The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    'shorter',
  ],
  ['Not authorized to set roleSessionName.', 'acceptRoleSessionName'],
  ['Trust anchor is disabled', 'Enable it'],
  ['Something new', 'in this order'],
])('a refusal with "%s" comes with advice', (message, advice) => {
  expect(refused(403, JSON.stringify({ message })).message).toContain(advice);
});

test('a throttling type counts as throttling, whatever the status', () => {
  expect(refused(400, '{"__type":"ThrottlingException","message":"Rate exceeded"}').code).toBe('THROTTLED');
});

test('a hidden redirect counts as one', () => {
  expect(refused(0, '').message).toContain('redirect');
});

test('a text that never ends is cut', () => {
  expect(refused(400, JSON.stringify({ message: 'x'.repeat(10_000) })).message.length).toBeLessThan(1000);
});
