import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { formatLongDate, parseLongDate } from '../../src/sigv4/long-date.js';

test('a long date is read as UTC', () => {
  expect(parseLongDate('20260102T030405Z')?.toISOString()).toBe('2026-01-02T03:04:05.000Z');
  expect(parseLongDate('20240229T235959Z')?.toISOString()).toBe('2024-02-29T23:59:59.000Z');
});

test.each([
  '',
  '20260102T030405',
  '20260102T030405z',
  ' 20260102T030405Z',
  '20260102T030405Z\n',
  '2026-01-02T03:04:05Z',
  '20260230T000000Z',
  '20250229T000000Z',
  '20261301T000000Z',
  '20260100T000000Z',
  '20260101T240000Z',
  '20260101T006000Z',
  '20260101T000060Z',
  '+0260101T000000Z',
  '٢٠٢٦٠١٠١T000000Z',
])('%p is not a long date', (text) => {
  expect(parseLongDate(text)).toBeUndefined();
});

test('every whole second from year 0 to 9999 survives the round trip', () => {
  const range = {
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(fc.date(range), (date) => {
      const whole = Math.floor(date.getTime() / 1000) * 1000;
      expect(parseLongDate(formatLongDate(date))?.getTime()).toBe(whole);
    }),
  );
});
