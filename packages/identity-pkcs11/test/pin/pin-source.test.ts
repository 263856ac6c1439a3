import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createPinSource, pinFileOf } from '../../src/pin/pin-source.js';

const folder = mkdtempSync(join(tmpdir(), 'pin-'));
afterAll(() => rmSync(folder, { recursive: true }));

function pinFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('the PIN', () => {
  test('is none when none is given', async () => {
    expect(await createPinSource({})()).toBeUndefined();
  });

  test('is the text that is given, or that of the URI', async () => {
    expect(await createPinSource({ pin: '1234' })()).toBe('1234');
    expect(await createPinSource({ pinValue: '5678' })()).toBe('5678');
  });

  test('of a function is asked for once, by all callers together', async () => {
    let asked = 0;
    const source = createPinSource({
      pin: async () => {
        asked += 1;
        return `pin ${asked}`;
      },
    });
    expect(await Promise.all([source(), source(), source()])).toEqual(['pin 1', 'pin 1', 'pin 1']);
    expect(await source()).toBe('pin 1');
  });

  test('of a function that failed is asked for again', async () => {
    let asked = 0;
    const source = createPinSource({
      pin: async () => {
        asked += 1;
        if (asked === 1) throw new Error('no terminal');
        return '1234';
      },
    });
    await expect(source()).rejects.toMatchObject({
      code: 'PASSPHRASE_REQUIRED',
      cause: new Error('no terminal'),
    });
    expect(await source()).toBe('1234');
  });

  test('of a function must be text', async () => {
    // Wrong on purpose.
    const pin = (() => 1234) as unknown as () => string;
    await expect(createPinSource({ pin })()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test('of a file or a variable that is given as `pin` is read at each login', async () => {
    const path = pinFile('option', '1234\n');
    const source = createPinSource({ pin: { file: path } });
    expect(await source()).toBe('1234');
    pinFile('option', '5678');
    expect(await source()).toBe('5678');
    const unset = createPinSource({ pin: { environment: 'ROLESANYWHERE_TEST_NO_PIN' } });
    await expect(unset()).rejects.toThrow(
      'The token needs a PIN, and the environment variable given as `pin`, ROLESANYWHERE_TEST_NO_PIN, is not set.',
    );
  });

  test.each(['1234', '1234\n', '1234\r\n'])(
    'of a file is its content without the end of the line: %j',
    async (content) => {
      const path = pinFile('pin', content);
      expect(await createPinSource({ pinSource: path })()).toBe('1234');
      expect(await createPinSource({ pinSource: pathToFileURL(path).href })()).toBe('1234');
    },
  );

  test('of a file keeps its blanks', async () => {
    expect(await createPinSource({ pinSource: pinFile('blanks', ' 12 34 \n') })()).toBe(' 12 34 ');
  });

  test('of a file is read again each time', async () => {
    const source = createPinSource({ pinSource: pinFile('changing', 'old') });
    expect(await source()).toBe('old');
    pinFile('changing', 'new');
    expect(await source()).toBe('new');
  });

  test.each([
    ['missing', undefined, 'does not exist'],
    ['empty', '', 'is empty'],
    ['only-a-line-end', '\n', 'is empty'],
    ['long', 'x'.repeat(5000), 'has more than 4096 bytes'],
  ])('of a file that is %s is named', async (name, content, problem) => {
    const path = content === undefined ? join(folder, name) : pinFile(name, content);
    const promise = createPinSource({ pinSource: path })();
    await expect(promise).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
    await expect(promise).rejects.toThrow(
      `The token needs a PIN, and the file given as \`pin-source\`, ${path}, ${problem}`,
    );
  });
});

describe('a pin-source', () => {
  test.each([
    ['/run/pin', '/run/pin'],
    ['pin.txt', 'pin.txt'],
    ['file:/etc/pin', '/etc/pin'],
    ['file:///etc/a%20pin', '/etc/a pin'],
    ['FILE:/etc/pin', '/etc/pin'],
  ])('%s is a file', (source, path) => {
    expect(pinFileOf(source)).toBe(path);
  });

  test.each(['', '|cat /pin', 'https://pin.example/', 'file://host/pin', 'ftp:pin', 'file:/%zz'])(
    '%j is not read',
    (source) => {
      expect(pinFileOf(source)).toBeUndefined();
    },
  );
});
