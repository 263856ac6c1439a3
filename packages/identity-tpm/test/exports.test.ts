import { expect, test } from '@jest/globals';
import * as tpm from '../src/index.js';

test('the door opens to exactly this', () => {
  expect(Object.keys(tpm)).toEqual(['fromTpm']);
});
