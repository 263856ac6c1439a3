import { expect, test } from '@jest/globals';
import * as door from '../src/index.js';

test('the door opens to exactly this', () => {
  expect(Object.keys(door)).toEqual(['fromPkcs12']);
});
