import { expect, test } from '@jest/globals';
import * as spiffe from '../src/index.js';

test('the door opens to exactly this', () => {
  expect(Object.keys(spiffe)).toEqual(['fromSpiffe']);
});
