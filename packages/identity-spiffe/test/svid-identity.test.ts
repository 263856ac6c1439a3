import { beforeAll, expect, test } from '@jest/globals';
import { isRolesAnywhereError } from '@rolesanywhere/signer';
import * as fc from 'fast-check';
import { svidIdentity } from '../src/svid-identity.js';
import type { X509Svid } from '../src/workload-api/x509-svid-response.js';
import { BACKEND, createTrustDomain } from './support/svid.js';

const svids: X509Svid[] = [];

beforeAll(async () => {
  for (const keyAlgorithm of [{ type: 'EC', curve: 'P-256' }, { type: 'RSA' }] as const) {
    const { message } = await (await createTrustDomain(keyAlgorithm)).issue(BACKEND);
    svids.push({
      spiffeId: BACKEND,
      certificates: message.x509_svid,
      privateKey: message.x509_svid_key,
      hint: '',
    });
  }
});

/** An identity that signs or refuses to, or a typed error. */
async function outcome(svid: X509Svid): Promise<'signs' | 'refused'> {
  try {
    const { key } = await svidIdentity(svid, () => false);
    await key.sign(Buffer.from('message'));
    return 'signs';
  } catch (error) {
    if (isRolesAnywhereError(error)) return 'refused';
    throw error;
  }
}

test.each(['certificates', 'privateKey'] as const)('cut off anywhere, %s are refused', async (part) => {
  const [svid] = svids;
  if (svid === undefined) throw new Error('no X.509-SVID was issued');
  const leafLength = 4 + svid.certificates.slice(2, 4).reduce((sum, octet) => sum * 256 + octet, 0);
  for (let length = 0; length < svid[part].length; length += 1) {
    const isLeaf = part === 'certificates' && length === leafLength;
    const cut = { ...svid, [part]: svid[part].slice(0, length) };
    expect(await outcome(cut)).toBe(isLeaf ? 'signs' : 'refused');
  }
});

test('any octet may be another one', async () => {
  const place = fc.record({
    kind: fc.constantFrom(0, 1),
    part: fc.constantFrom('certificates' as const, 'privateKey' as const),
    at: fc.nat(),
    octet: fc.integer({ min: 0, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(place, async ({ kind, part, at, octet }) => {
      const svid = svids[kind];
      if (svid === undefined) throw new Error('no X.509-SVID was issued');
      const changed = new Uint8Array(svid[part]);
      changed[at % changed.length] = octet;
      expect(['signs', 'refused']).toContain(await outcome({ ...svid, [part]: changed }));
    }),
    { numRuns: 500 },
  );
});
