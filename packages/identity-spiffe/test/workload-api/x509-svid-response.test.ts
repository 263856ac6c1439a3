import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { WorkloadApiError } from '../../src/workload-api/workload-api-error.js';
import { parseX509SvidResponse } from '../../src/workload-api/x509-svid-response.js';
import { BACKEND, FRONTEND, type SvidMessage, createTrustDomain } from '../support/svid.js';
import { field, responseOf } from '../support/wire.js';

let svid: SvidMessage;
let whole: Buffer;

beforeAll(async () => {
  svid = (await (await createTrustDomain()).issue(BACKEND, { hint: 'internal' })).message;
  whole = responseOf(svid, { ...svid, spiffe_id: FRONTEND });
});

/** What came of it: nothing, or a typed error. */
function outcome(octets: Uint8Array): 'read' | 'refused' {
  try {
    parseX509SvidResponse(octets);
    return 'read';
  } catch (error) {
    if (error instanceof WorkloadApiError && error.fault === 'foreign') return 'refused';
    throw error;
  }
}

test('X.509-SVIDs are read in their order', () => {
  const [one, two] = parseX509SvidResponse(whole);
  expect([one?.spiffeId, one?.hint, two?.spiffeId]).toEqual([BACKEND, 'internal', FRONTEND]);
  expect(Buffer.from(one?.certificates ?? [])).toEqual(Buffer.from(svid.x509_svid));
  expect(Buffer.from(one?.privateKey ?? [])).toEqual(Buffer.from(svid.x509_svid_key));
});

test('of a field that comes twice the last one counts', () => {
  const twice = Buffer.concat([
    field(1, Buffer.from(FRONTEND)),
    field(2, svid.x509_svid),
    field(3, svid.x509_svid_key),
    field(1, Buffer.from(BACKEND)),
  ]);
  expect(parseX509SvidResponse(field(1, twice))[0]?.spiffeId).toBe(BACKEND);
});

describe('refused is', () => {
  test('a message that is cut off anywhere, but between two X.509-SVIDs', () => {
    const between = responseOf(svid).length;
    for (let length = 0; length < whole.length; length += 1) {
      expect(outcome(whole.subarray(0, length))).toBe(length === between ? 'read' : 'refused');
    }
  });

  test.each(['spiffe_id', 'x509_svid', 'x509_svid_key'] as const)('an X.509-SVID without %s', (name) => {
    const empty = name === 'spiffe_id' ? '' : new Uint8Array();
    expect(outcome(responseOf(svid, { ...svid, [name]: empty }))).toBe('refused');
  });

  test.each(['example.org', 'spiffe://Example.org/a', `spiffe://a/${'x'.repeat(3000)}`])(
    'an X.509-SVID that calls itself %.30s',
    (spiffe_id) => {
      expect(outcome(responseOf({ ...svid, spiffe_id }))).toBe('refused');
    },
  );

  test('a text that is not UTF-8', () => {
    const wrong = Buffer.concat([
      field(1, Buffer.from([0xff])),
      field(2, svid.x509_svid),
      field(3, svid.x509_svid_key),
    ]);
    expect(outcome(field(1, wrong))).toBe('refused');
  });

  test('more than a thousand X.509-SVIDs', () => {
    expect(outcome(Buffer.concat(Array.from({ length: 1001 }, () => responseOf(svid))))).toBe('refused');
  });
});

test('any octet may be another one', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 255 }), (place, octet) => {
      const changed = Buffer.from(whole);
      changed[place % whole.length] = octet;
      expect(['read', 'refused']).toContain(outcome(changed));
    }),
    { numRuns: 1000 },
  );
});

test('no error shows what was received', () => {
  const cut = whole.subarray(0, responseOf(svid).length - 5);
  expect(() => parseX509SvidResponse(cut)).toThrow(
    /^sent a message that is no X509SVIDResponse: cut off after octet \d+\. /,
  );
});
