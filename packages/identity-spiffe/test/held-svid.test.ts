import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createHeldSvid } from '../src/held-svid.js';
import type { X509Svid } from '../src/workload-api/x509-svid-response.js';
import { errorOf } from '../../../tools/test-support/error-of.js';
import { BACKEND, FRONTEND, type SvidMessage, createTrustDomain, derOf } from './support/svid.js';

let first: X509Svid;
let second: X509Svid;
let other: X509Svid;
let leafOf: (svid: X509Svid) => Buffer;

beforeAll(async () => {
  const domain = await createTrustDomain();
  const leaves = new Map<X509Svid, Buffer>();
  const issue = async (spiffeId: string): Promise<X509Svid> => {
    const { message, certificatePem } = await domain.issue(spiffeId);
    const svid = asRead(message);
    leaves.set(svid, derOf(certificatePem));
    return svid;
  };
  first = await issue(BACKEND);
  second = await issue(BACKEND);
  other = await issue(FRONTEND);
  leafOf = (svid) => leaves.get(svid) ?? Buffer.alloc(0);
});

function asRead(message: SvidMessage): X509Svid {
  return {
    spiffeId: message.spiffe_id,
    certificates: message.x509_svid,
    privateKey: message.x509_svid_key,
    hint: '',
  };
}

function damaged(svid: X509Svid): X509Svid {
  return { ...svid, certificates: svid.certificates.subarray(0, -1) };
}

function heldSvid() {
  return createHeldSvid({
    selector: {},
    where: 'The SPIFFE Workload API',
    clock: () => new Date(),
    isClosed: () => false,
  });
}

describe('an X.509-SVID that cannot be read', () => {
  test('leaves the one before in use, which says why', async () => {
    const held = heldSvid();
    held.take([first]);
    const good = await held.identity();
    held.take([damaged(second)]);
    const kept = await held.identity();
    expect(kept?.key).toBe(good?.key);
    expect(kept?.keptBecause).toMatchObject({ code: 'CERTIFICATE_INVALID' });
    held.take([second]);
    const renewed = await held.identity();
    expect(leafOf(second).equals(renewed?.certificate.der ?? new Uint8Array())).toBe(true);
    expect(renewed?.keptBecause).toBeUndefined();
  });

  test('leaves the one before in use, also when nobody has asked for that', async () => {
    const held = heldSvid();
    held.take([first]);
    held.take([damaged(second)]);
    const kept = await held.identity();
    expect(leafOf(first).equals(kept?.certificate.der ?? new Uint8Array())).toBe(true);
  });

  test('does not leave another SPIFFE ID in use, which is not offered any more', async () => {
    const held = heldSvid();
    held.take([first]);
    await held.identity();
    held.take([damaged(other)]);
    expect((await errorOf(() => held.identity())).code).toBe('CERTIFICATE_INVALID');
  });
});

describe('the clock of this machine', () => {
  beforeEach(() => {
    const others = [
      'nextTick',
      'queueMicrotask',
      'setImmediate',
      'setTimeout',
      'performance',
      'hrtime',
    ] as const;
    jest.useFakeTimers({
      doNotFake: [...others, 'setInterval', 'clearTimeout', 'clearInterval', 'clearImmediate'],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([
    ['ahead, and set right', '2100-01-01'],
    ['behind, and set right', '2000-01-01'],
  ])('may be far %s', async (_, wrong) => {
    const right = new Date();
    const held = heldSvid();
    jest.setSystemTime(new Date(wrong));
    held.take([first]);
    const before = await held.identity().catch((error: unknown) => error);
    expect(before === undefined || before instanceof Error).toBe(true);
    jest.setSystemTime(right);
    const identity = await held.identity();
    expect(leafOf(first).equals(identity?.certificate.der ?? new Uint8Array())).toBe(true);
  });

  test('may run past the end of what is in hand, and be set right', async () => {
    const right = new Date();
    const held = heldSvid();
    held.take([first]);
    const identity = await held.identity();
    jest.setSystemTime(new Date('2100-01-01'));
    expect(await held.identity()).toBeUndefined();
    jest.setSystemTime(right);
    expect(await held.identity()).toBe(identity);
  });
});
