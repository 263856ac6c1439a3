import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { childText, children, parseXml, toXml } from '../src/xml.js';

const read = (text: string) => parseXml(Buffer.from(text), { root: 'R', lists: ['I'] });

test('a document is written with its namespace, lists as repeated elements, and nothing for undefined', () => {
  expect(
    toXml({ root: 'R', namespace: 'urn:x', content: { A: '1', I: [{ K: 'a' }, { K: 'b' }], N: undefined } }),
  ).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<R xmlns="urn:x"><A>1</A><I><K>a</K></I><I><K>b</K></I></R>',
  );
});

test('text is escaped', () => {
  expect(toXml({ root: 'R', content: { A: `<&>"'\r\u0001` } })).toContain(
    '<A>&lt;&amp;&gt;&quot;&apos;&#xD;&#x1;</A>',
  );
});

test('any text comes back as it was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(text !== '' && !text.includes('\0'));
      expect(childText(read(toXml({ root: 'R', content: { A: text } })), 'A')).toBe(text);
    }),
  );
});

test('numbers, blanks and truth values stay text, and a single list member is a list', () => {
  const node = read('<R><A>007</A><B> a </B><C>true</C><I>1</I></R>');
  expect(['A', 'B', 'C'].map((name) => childText(node, name))).toEqual(['007', ' a ', 'true']);
  expect(children(node, 'I')).toEqual(['1']);
});

test('a name that is not there gives nothing', () => {
  expect(childText(read('<R><A>1</A></R>'), 'toString')).toBeUndefined();
  expect(children(read('<R/>'), 'I')).toEqual([]);
});

test.each([
  ['a document type', '<!DOCTYPE R [<!ENTITY e "x">]><R>&e;</R>'],
  ['CDATA', '<R><![CDATA[x]]></R>'],
  ['an open element', '<R><A></R>'],
  ['two roots', '<R/><R/>'],
  ['another root', '<S/>'],
  ['no root', 'text'],
  ['a member of every object as an element', '<R><__proto__><a>1</a></__proto__></R>'],
])('%s is refused or harmless', (_, text) => {
  expect(childText(read(text), 'a')).toBeUndefined();
  expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
});

test('any octets give an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      expect(['undefined', 'string', 'object']).toContain(typeof parseXml(octets, { root: 'R' }));
    }),
  );
});
