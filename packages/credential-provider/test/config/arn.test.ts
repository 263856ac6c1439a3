import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { findArnProblem, parseArn } from '../../src/config/arn.js';

const anchor = { service: 'rolesanywhere', type: 'trust-anchor' } as const;
const role = { service: 'iam', type: 'role' } as const;

describe('parseArn', () => {
  test('splits an ARN at its first five colons', () => {
    expect(parseArn('arn:aws-cn:iam::111122223333:role/a:b')).toEqual({
      partition: 'aws-cn',
      service: 'iam',
      region: '',
      accountId: '111122223333',
      resource: 'role/a:b',
    });
  });

  test('gives undefined for what is no ARN', () => {
    expect(parseArn('urn:aws:iam::111122223333:role/a')).toBeUndefined();
    expect(parseArn('arn:aws:iam::111122223333')).toBeUndefined();
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseArn(text);
        expect(['string', 'undefined']).toContain(typeof findArnProblem(text, anchor));
      }),
    );
  });
});

describe('findArnProblem', () => {
  test.each([
    [
      'arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/any id, even this one'.replaceAll(
        ' ',
        '_',
      ),
    ],
    ['arn:aws-us-gov:rolesanywhere:us-gov-west-1:111122223333:trust-anchor/x'],
    ['arn:aws-cn:rolesanywhere:cn-north-1:111122223333:trust-anchor/x'],
    ['arn:aws-iso-b:rolesanywhere:us-isob-east-1:111122223333:trust-anchor/x'],
    ['arn:aws-eusc:rolesanywhere:eusc-de-east-1:111122223333:trust-anchor/x'],
  ])('accepts %s', (text) => {
    expect(findArnProblem(text, anchor)).toBeUndefined();
  });

  test.each([
    ['hello', 'is not an ARN'],
    ['arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/ x', 'is not an ARN'],
    [`arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/${'x'.repeat(1011)}`, 'is not an ARN'],
    ['arn:azure:rolesanywhere:eu-central-1:111122223333:trust-anchor/x', "unknown partition 'azure'"],
    ['arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/x', "names the service 'acm-pca'"],
    ['arn:aws:rolesanywhere::111122223333:trust-anchor/x', 'has no valid region'],
    ['arn:aws:rolesanywhere:eu-central-1:1111:trust-anchor/x', 'has no 12-digit account id'],
    ['arn:aws:rolesanywhere:eu-central-1:111122223333:profile/x', 'does not name a trust-anchor'],
    ['arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/', 'does not name a trust-anchor'],
  ])('says what is wrong with %.70s', (text, problem) => {
    expect(findArnProblem(text, anchor)).toContain(problem);
  });

  test('refuses a region in a role ARN', () => {
    expect(findArnProblem('arn:aws:iam:eu-central-1:111122223333:role/x', role)).toContain('has a region');
  });
});
