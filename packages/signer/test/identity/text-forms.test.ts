import { describe, expect, test } from '@jest/globals';
import { createX509Identity } from '../../src/index.js';
import { codeOf } from '../../../../tools/test-support/error-of.js';
import { issue } from '../support/issue.js';

const { pem, key, keyPem } = issue({ subject: 'leaf' });
const traditional = key
  .export({ type: 'sec1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'hunter2' })
  .toString();
const [begin = '', ...rest] = keyPem.trimEnd().split('\n');
const end = rest.pop() ?? '';
const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
const open = (data: string | Uint8Array): Promise<string> =>
  codeOf(() => createX509Identity({ certificate: pem, key: data, passphrase: 'hunter2' }));

/** How text comes out of editors, shells, programs and variables. */
describe('a key is read', () => {
  test.each<[string, string | Uint8Array]>([
    ['with a byte order mark', `\ufeff${keyPem}`],
    ['with a byte order mark, as bytes', Buffer.from(`\ufeff${keyPem}`)],
    ['in UTF-16', Buffer.from(`\ufeff${keyPem}`, 'utf16le')],
    ['in UTF-16 of the other order', Buffer.from(`\ufeff${keyPem}`, 'utf16le').swap16()],
    ['with the line ends of Windows', keyPem.replaceAll('\n', '\r\n')],
    ['with the line ends of old Macs', keyPem.replaceAll('\n', '\r')],
    ['with line ends written as two characters', keyPem.replaceAll('\n', String.raw`\n`)],
    ['without a last line end', keyPem.trimEnd()],
    ['without any line end', keyPem.replaceAll('\n', '')],
    ['with its base64 on one line', [begin, rest.join(''), end].join('\n')],
    ['with lines of 76 characters', [begin, rest.join('').replaceAll(/.{76}/g, '$&\n'), end].join('\n')],
    ['with blank lines', keyPem.replaceAll('\n', '\n\n')],
    ['indented, as in YAML', keyPem.replaceAll(/^/gm, '    ')],
    ['with blanks at the ends of lines', keyPem.replaceAll('\n', ' \t\n')],
    ['with text before it', `Private-Key: (256 bit)\npriv:\n    00:01\n${keyPem}`],
    [
      'with the attributes of a PKCS#12 bag',
      `Bag Attributes\n    localKeyID: 01 02\nKey Attributes: <No Attributes>\n${keyPem}`,
    ],
    ['with a comment header', [begin, 'Comment: made on Monday', '', ...rest, end].join('\n')],
    ['with garbage behind it', `${keyPem}\u0000\u0001garbage --`],
    ['with its parameters before it', `${parameters}${keyPem}`],
    ['beside its certificate', `${pem}${keyPem}${pem}`],
    ['encrypted traditionally, with the line ends of Windows', traditional.replaceAll('\n', '\r\n')],
    ['encrypted traditionally, with the line ends of old Macs', traditional.replaceAll('\n', '\r')],
    ['encrypted traditionally, indented', traditional.replaceAll(/^/gm, '  ')],
  ])('%s', async (_, data) => {
    expect(await open(data)).toBe('ok');
  });
});

describe('a key is refused', () => {
  test.each<[string, string | Uint8Array]>([
    ['when there are several', keyPem + keyPem],
    ['when its END line is missing', keyPem.trimEnd().slice(0, -end.length)],
    ['when its END line is of another kind', keyPem.replace(end, '-----END CERTIFICATE-----')],
    ['when a letter of its base64 is none', keyPem.replace('MIG', 'M*G')],
    ['when it is base64 without its lines around it', rest.join('')],
    ['when it has four dashes', keyPem.replaceAll('-----', '----')],
    [
      'when bytes follow its DER',
      Buffer.concat([key.export({ type: 'sec1', format: 'der' }), Buffer.from('\n')]),
    ],
  ])('%s', async (_, data) => {
    expect(await open(data)).toBe('PRIVATE_KEY_INVALID');
  });
});
