import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseSession, SessionAnswerError } from '../src/session.js';
import { sessionJson } from './support/session-server.js';

const now = Date.parse('2026-11-25T12:00:00Z');
const expiration = '2026-11-25T13:00:00Z';
const roleArn = 'arn:aws:iam::111122223333:role/Asked';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function problemOf(text: string): string {
  try {
    parseSession(bytes(text), roleArn, now);
  } catch (error) {
    if (error instanceof SessionAnswerError) return error.message;
    throw error;
  }
  return 'none';
}

describe('parseSession', () => {
  test('reads every member of the answer', () => {
    expect(parseSession(bytes(sessionJson({ expiration })), roleArn, now)).toEqual({
      credentials: {
        accessKeyId: 'ASIAEXAMPLEEXAMPLE12',
        secretAccessKey: 'secret-of-the-test',
        sessionToken: 'token-of-the-test',
        expiration: new Date(expiration),
      },
      roleArn: 'arn:aws:iam::111122223333:role/ExampleRole',
      assumedRoleArn: 'arn:aws:sts::111122223333:assumed-role/ExampleRole/ff',
      assumedRoleId: 'AROAEXAMPLEEXAMPLE123:ff',
      accountId: '111122223333',
      sourceIdentity: 'CN=test',
      subjectArn:
        'arn:aws:rolesanywhere:eu-central-1:111122223333:subject/41c10bae-6783-40d4-ab20-65dc5d922e45',
      packedPolicySize: 10,
    });
  });

  test('is content with the credentials alone', () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', expiration };
    const session = parseSession(bytes(JSON.stringify({ credentialSet: [{ credentials }] })), roleArn, now);
    expect(session).toMatchObject({ roleArn, assumedRoleArn: '', assumedRoleId: '' });
    expect(session.accountId).toBeUndefined();
  });

  test.each([
    ['', 'not JSON'],
    ['<!doctype html><p>hello</p>', 'web page'],
    ['[]', 'not a JSON object'],
    ['{}', 'no credentialSet'],
    ['{"credentialSet":{}}', 'no credentialSet'],
    ['{"credentialSet":[]}', 'empty'],
    ['{"credentialSet":[{}]}', 'no credentials'],
    [sessionJson({ expiration }).slice(0, 200), 'not JSON'],
    [sessionJson({ expiration }).replace('"secret-of-the-test"', '7'), 'no secretAccessKey'],
    [sessionJson({ expiration }).replace('"token-of-the-test"', '""'), 'no sessionToken'],
    [sessionJson({ expiration }).replace(`"${expiration}"`, 'null'), 'no expiration'],
    [sessionJson({ expiration: 'tomorrow' }), 'not a date'],
    [sessionJson({ expiration: '1' }), 'not a date'],
    [sessionJson({ expiration: '2026-11-25T12:00:00Z' }), 'expired'],
    [sessionJson({ expiration: '2027-11-25T12:00:00Z' }), 'later than any session'],
  ])('refuses %.40s', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  test('never repeats the answer in its message', () => {
    const text = sessionJson({ expiration });
    for (let length = 1; length < text.length; length += 7) {
      expect(problemOf(text.slice(0, length))).not.toMatch(/secret|token/);
    }
  });

  test('never throws anything else, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(problemOf(text)).toEqual(expect.any(String));
      }),
    );
  });
});
