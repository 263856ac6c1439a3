import { expect, test } from '@jest/globals';
import { serialAsSessionName } from '../../src/roles-anywhere/session-name.js';

test('the session name is the serial number in lower-case hex', () => {
  expect(serialAsSessionName(0x1000n)).toBe('1000');
  expect(serialAsSessionName(0x2a99ffn)).toBe('2a99ff');
});

test('an odd number of digits is padded, unless switched off', () => {
  expect(serialAsSessionName(0x123n)).toBe('0123');
  expect(serialAsSessionName(0x123n, 'none')).toBe('123');
});

test('a serial number of twenty octets with the high bit set stays positive', () => {
  expect(serialAsSessionName(2n ** 159n)).toBe(`80${'0'.repeat(38)}`);
});
