import { describe, expect, test } from '@jest/globals';
import { toCommonJsSource } from '../to-common-js-source.js';

describe('the CommonJS twin of a source file', () => {
  test.each([
    ["import { a } from './a.js';", "import { a } from './a.cjs';"],
    ["export type { A } from '../x/a.js';", "export type { A } from '../x/a.cjs';"],
    ["import './effect.js';", "import './effect.cjs';"],
    ["import { b } from '#platform';", "import { b } from '#platform';"],
    [
      "const x = await import('./x.js');",
      "const x = await Promise.resolve().then(() => require('./x.cjs') as typeof import('./x.cjs'));",
    ],
    [
      "const h = await import('hpagent');",
      "const h = await Promise.resolve().then(() => require('hpagent') as typeof import('hpagent'));",
    ],
    ["const p = await import('pkijs');", "const p = await import('pkijs');"],
    ['const f = <T>(x: T) => x;', 'const f = <T,>(x: T) => x;'],
    ["let x: typeof import('./x.js');", "let x: typeof import('./x.cjs');"],
  ])('of %s', (source, twin) => {
    expect(toCommonJsSource(source)).toBe(twin);
  });
});
