import { expect, test } from '@jest/globals';
import * as pkcs11 from '../src/index.js';

test('the door opens to exactly these', () => {
  expect(Object.keys(pkcs11).toSorted()).toEqual(['fromPkcs11']);
});
