import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { parseAuthorization } from '../../src/sigv4/authorization.js';

const right =
  'AWS4-X509-RSA-SHA256 Credential=21/20240706/us-east-2/rolesanywhere/aws4_request, ' +
  'SignedHeaders=content-type;host;x-amz-date;x-amz-x509, Signature=0a0b';

test('a header is taken apart', () => {
  expect(parseAuthorization(right)).toEqual({
    algorithm: 'AWS4-X509-RSA-SHA256',
    credentialId: '21',
    date: '20240706',
    region: 'us-east-2',
    service: 'rolesanywhere',
    terminator: 'aws4_request',
    scope: '20240706/us-east-2/rolesanywhere/aws4_request',
    signedHeaders: ['content-type', 'host', 'x-amz-date', 'x-amz-x509'],
    signature: '0a0b',
  });
});

test.each([
  ['no blank after the commas', right.replaceAll(', ', ',')],
  ['several blanks', right.replaceAll(' ', '   ')],
  ['a tab', right.replaceAll(', ', ',\t')],
  ['blanks before the commas', right.replaceAll(', ', ' , ')],
  ['blanks around the whole', `  ${right}  `],
  [
    'mixed case in the signed headers',
    right.replace(/content-type;host;x-amz-date;x-amz-x509/, 'Content-Type;Host;X-Amz-Date;X-Amz-X509'),
  ],
  [
    'another order of the parts',
    'AWS4-X509-RSA-SHA256 Signature=0a0b, SignedHeaders=content-type;host;x-amz-date;x-amz-x509, Credential=21/20240706/us-east-2/rolesanywhere/aws4_request',
  ],
])('%s changes nothing', (_, value) => {
  expect(parseAuthorization(value)).toEqual(parseAuthorization(right));
});

test('signed headers keep the order in which they are listed', () => {
  const value = right.replace('content-type;host', 'host;content-type');
  expect(parseAuthorization(value)?.signedHeaders.slice(0, 2)).toEqual(['host', 'content-type']);
});

test.each([
  ['nothing', ''],
  ['an algorithm alone', 'AWS4-X509-RSA-SHA256'],
  ['no algorithm', right.replace('AWS4-X509-RSA-SHA256 ', '')],
  ['two algorithms', `AWS4-HMAC-SHA256 ${right}`],
  ['two algorithms with a comma', `AWS4-HMAC-SHA256, ${right}`],
  ['the older signature version', 'AWS AKIDEXAMPLE:c2lnbmF0dXJl'],
  ['basic authentication', 'Basic dXNlcjpwYXNz'],
  ['no credential', right.replace(/Credential=\S+ /, '')],
  ['no signed headers', right.replace(/SignedHeaders=\S+ /, '')],
  ['no signature', right.replace(/, Signature=.*/, '')],
  [
    'two credentials',
    right.replace('Signed', 'Credential=22/20240706/us-east-2/rolesanywhere/aws4_request, Signed'),
  ],
  ['two lists of signed headers', `${right}, SignedHeaders=host`],
  ['two signatures', `${right}, Signature=0c`],
  ['an unknown part', `${right}, Extra=1`],
  ['an empty part', `${right},`],
  ['a part of another case', right.replace('Signature', 'signature')],
  ['a blank inside a part', right.replace('Credential=21', 'Credential= 21')],
  ['a short credential', right.replace('/aws4_request', '')],
  ['a long credential', right.replace('21/', '21/22/')],
  ['an empty id', right.replace('Credential=21', 'Credential=')],
  ['an empty region', right.replace('us-east-2', '')],
  ['a date with dashes', right.replace('20240706', '2024-07-06')],
  ['an empty signed header', right.replace('host;', 'host;;')],
  ['a signed header twice', right.replace('host;', 'host;host;')],
  ['a signed header twice in two cases', right.replace('host;', 'host;Host;')],
  ['signed headers with commas', right.replace('content-type;host', 'content-type,host')],
  ['a colon in a signed header', right.replace('host', 'ho:st')],
  ['an empty signature', right.replace('0a0b', '')],
  ['an odd signature', right.replace('0a0b', '0a0')],
  ['a signature that is not hex', right.replace('0a0b', '0a0g')],
  ['an upper-case signature', right.replace('0a0b', '0A0B')],
  ['a signature with 0x', right.replace('0a0b', '0x0a0b')],
  ['a line feed after the signature and more', `${right}\nX: y`],
  ['a NUL', `${right}\0`],
  ['a no-break space after a comma', right.replace(', Signed', ',\u00a0Signed')],
  ['a no-break space at its end', `${right}\u00a0`],
  ['200 KB of signature', right.replace('0a0b', '00'.repeat(100_000))],
])('%s is refused', (_, value) => {
  expect(parseAuthorization(value)).toBeUndefined();
});

test('any text gives an answer, and hardly any is accepted', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (value) => {
      expect(parseAuthorization(value)).toBeUndefined();
    }),
  );
});

test('a mutated header gives an answer, and what is accepted says what the text says', () => {
  const mutation = fc.tuple(fc.nat(right.length), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const value = mutations.reduce(
        (text, [at, cut, insert]) => text.slice(0, at) + insert + text.slice(at + cut),
        right,
      );
      const parsed = parseAuthorization(value);
      if (!parsed) return;
      expect(value).toContain(`${parsed.credentialId}/${parsed.scope}`);
      expect(value).toContain(`Signature=${parsed.signature}`);
      expect(value.toLowerCase()).toContain(`signedheaders=${parsed.signedHeaders.join(';')}`);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['blanks', ' '.repeat(19_000)],
  ['commas', ','.repeat(19_000)],
  ['semicolons', `AWS4-HMAC-SHA256 SignedHeaders=${';'.repeat(19_000)}`],
  ['parts', `AWS4-HMAC-SHA256 ${'A=b,'.repeat(4_000)}`],
  ['blanks between algorithm and parts', `AWS4-HMAC-SHA256${' '.repeat(19_000)}`],
])('19,000 %s are refused', (_, value) => {
  expect(parseAuthorization(value)).toBeUndefined();
});
