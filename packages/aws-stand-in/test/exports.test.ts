import { expect, test } from '@jest/globals';

import * as door from '../src/index.js';

test('the door has these run-time exports and no others', () => {
  expect(Object.keys(door).toSorted()).toEqual(['createAwsStandIn']);
});
