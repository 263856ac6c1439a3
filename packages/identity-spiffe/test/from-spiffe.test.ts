import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type FromSpiffeInit, fromSpiffe } from '../src/index.js';
import { spiffeProvider } from '../src/from-spiffe.js';
import { SYSTEM_TIMING } from '../src/timing.js';
import { type Agent, type AgentAnswer, startAgent } from './support/agent.js';
import { errorOf } from '../../../tools/test-support/error-of.js';
import { eventually } from './support/eventually.js';
import {
  BACKEND,
  FRONTEND,
  type IssuedSvid,
  type TrustDomain,
  createTrustDomain,
  derOf,
} from './support/svid.js';

const DENIED = { code: status.PERMISSION_DENIED, details: 'no identity issued' } as const;

let domain: TrustDomain;
let first: IssuedSvid;
let second: IssuedSvid;
let other: IssuedSvid;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  domain = await createTrustDomain();
  first = await domain.issue(BACKEND);
  second = await domain.issue(BACKEND);
  other = await domain.issue(FRONTEND, { hint: 'external' });
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function agentWith(answer: AgentAnswer, transport?: 'unix' | 'tcp'): Promise<Agent> {
  const agent = await startAgent(answer, transport);
  ends.push(() => agent.end());
  return agent;
}

function providerOf(agent: Agent, init: FromSpiffeInit = {}, timing = SYSTEM_TIMING) {
  const provider = spiffeProvider({ endpoint: agent.endpoint, ...init }, timing);
  ends.unshift(() => provider.close());
  return provider;
}

async function derBy(provider: ReturnType<typeof fromSpiffe>): Promise<Buffer> {
  return Buffer.from((await provider()).certificate.der);
}

function comesTo(provider: ReturnType<typeof fromSpiffe>, svid: IssuedSvid): Promise<void> {
  return eventually(async () => (await derBy(provider)).equals(derOf(svid.certificatePem)));
}

describe('the stream', () => {
  test('is one for fifty first calls at once', async () => {
    const agent = await agentWith({ svids: [first.message] });
    const provider = providerOf(agent);
    const identities = await Promise.all(Array.from({ length: 50 }, () => provider()));
    expect(new Set(identities.map(({ certificate }) => certificate)).size).toBe(1);
    expect(agent.calls()).toBe(1);
  });

  test('is not opened before the first call', async () => {
    const agent = await agentWith({ svids: [first.message] });
    await providerOf(agent).close();
    expect(agent.calls()).toBe(0);
  });

  test('is found by the environment variable', async () => {
    const agent = await agentWith({ svids: [first.message] });
    process.env['SPIFFE_ENDPOINT_SOCKET'] = agent.endpoint;
    const provider = fromSpiffe();
    ends.unshift(() => provider.close());
    delete process.env['SPIFFE_ENDPOINT_SOCKET'];
    expect(await derBy(provider)).toEqual(derOf(first.certificatePem));
  });

  test('ends at the agent when the provider is closed', async () => {
    const agent = await agentWith({ svids: [first.message] });
    const provider = providerOf(agent);
    await provider();
    expect(agent.openStreams()).toBe(1);
    await provider.close();
    await eventually(() => agent.openStreams() === 0);
    expect((await errorOf(provider)).message).toContain('was closed');
  });

  test('is closed under those who wait', async () => {
    const agent = await agentWith('silence');
    const provider = providerOf(agent);
    const waiting = Promise.all([errorOf(provider), errorOf(provider)]);
    await eventually(() => agent.openStreams() === 1);
    await provider.close();
    expect((await waiting).map(({ code, message }) => [code, message.includes('was closed')])).toEqual([
      ['IDENTITY_UNAVAILABLE', true],
      ['IDENTITY_UNAVAILABLE', true],
    ]);
  });

  test('takes bundles, revocation lists and fields without a name along', async () => {
    const agent = await agentWith({
      svids: [first.message],
      crl: [Buffer.alloc(1000)],
      federated_bundles: { 'spiffe://other.org': Buffer.alloc(1000) },
    });
    expect(await derBy(providerOf(agent))).toEqual(derOf(first.certificatePem));
  });
});

describe('of several X.509-SVIDs', () => {
  const choose = async (init: FromSpiffeInit) => {
    const hinted = await domain.issue('spiffe://example.org/second', { hint: 'external' });
    const agent = await agentWith({ svids: [first.message, other.message, hinted.message] });
    return derBy(providerOf(agent, init));
  };

  test('the first is the default', async () => {
    expect(await choose({})).toEqual(derOf(first.certificatePem));
  });

  test('one is chosen by its SPIFFE ID', async () => {
    expect(await choose({ spiffeId: FRONTEND })).toEqual(derOf(other.certificatePem));
  });

  test('the first with a hint is chosen by it', async () => {
    expect(await choose({ hint: 'external' })).toEqual(derOf(other.certificatePem));
  });

  test('SPIFFE ID and hint must both fit', async () => {
    const agent = await agentWith({ svids: [first.message, other.message] });
    const { code, message } = await errorOf(providerOf(agent, { spiffeId: BACKEND, hint: 'external' }));
    expect(code).toBe('IDENTITY_UNAVAILABLE');
    expect(message).toContain(`no X.509-SVID with ${BACKEND} and the hint "external"`);
    expect(message).toContain(`${FRONTEND} (hint "external")`);
  });

  test('one that comes later is taken then', async () => {
    const agent = await agentWith({ svids: [first.message] });
    const provider = providerOf(agent, { spiffeId: FRONTEND });
    await errorOf(provider);
    agent.push({ svids: [first.message, other.message] });
    await eventually(() =>
      provider().then(
        () => true,
        () => false,
      ),
    );
    expect(agent.calls()).toBe(1);
  });

  test('one that is not offered any more is not given any more', async () => {
    const agent = await agentWith({ svids: [first.message, other.message] });
    const provider = providerOf(agent, { spiffeId: FRONTEND });
    await provider();
    agent.push({ svids: [first.message] });
    await eventually(() =>
      provider().then(
        () => false,
        () => true,
      ),
    );
    expect((await errorOf(provider)).message).toContain(`It has: ${BACKEND}.`);
  });
});

describe('rotation', () => {
  test('is taken up as soon as it is pushed', async () => {
    const agent = await agentWith({ svids: [first.message] });
    const provider = providerOf(agent);
    await provider();
    agent.push({ svids: [second.message] });
    await comesTo(provider, second);
    expect(agent.calls()).toBe(1);
  });

  test('of something else keeps the signing key', async () => {
    const agent = await agentWith({ svids: [first.message] });
    const provider = providerOf(agent);
    const { key } = await provider();
    agent.push({ svids: [first.message], crl: [Buffer.alloc(10)] });
    agent.push({ svids: [first.message, other.message] });
    await agent.stop();
    await agent.restart();
    await eventually(() => agent.calls() === 2);
    expect((await provider()).key).toBe(key);
  });

  test('to something that cannot be read is discarded', async () => {
    const agent = await agentWith({ svids: [first.message] });
    const provider = providerOf(agent);
    const { key } = await provider();
    agent.push({ svids: [{ ...second.message, x509_svid_key: other.message.x509_svid_key }] });
    agent.push({ svids: [{ ...second.message, x509_svid: second.message.x509_svid.subarray(0, 300) }] });
    await agent.stop();
    expect((await provider()).key).toBe(key);
  });

  test('leaves what was given able to sign', async () => {
    const agent = await agentWith({ svids: [first.message] });
    const provider = providerOf(agent);
    const { key } = await provider();
    agent.push({ svids: [second.message] });
    await comesTo(provider, second);
    expect((await key.sign(Buffer.from('late'))).length).toBeGreaterThan(60);
  });
});

describe('an agent that is away', () => {
  test('is waited for by the first call', async () => {
    const agent = await agentWith({ svids: [first.message] });
    await agent.stop();
    const identity = derBy(providerOf(agent));
    await agent.restart();
    expect(await identity).toEqual(derOf(first.certificatePem));
  });

  test('does no harm while the last X.509-SVID is valid, and is found again', async () => {
    const agent = await agentWith({ svids: [first.message] }, 'tcp');
    const provider = providerOf(agent);
    const { key } = await provider();
    await agent.stop();
    expect((await provider()).key).toBe(key);
    agent.push({ svids: [second.message] });
    await agent.restart();
    await comesTo(provider, second);
  });

  test('is named with what to do about it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'none-'));
    writeFileSync(join(folder, 'file'), '');
    const reasonAt = async (endpoint: string) => {
      const { code, message } = await errorOf(fromSpiffe({ endpoint, timeoutMilliseconds: 500 }));
      return `${code} ${message.slice(message.indexOf('cannot be reached'))}`;
    };
    const endpoints = [
      `unix://${folder}/none.sock`,
      `unix://${folder}/file`,
      `unix://${folder}/file/agent.sock`,
      'tcp://127.0.0.1:1',
    ];
    expect(await Promise.all(endpoints.map(reasonAt))).toEqual([
      'IDENTITY_UNAVAILABLE cannot be reached: there is no such socket (ENOENT). Start the agent, or correct the endpoint.',
      'IDENTITY_UNAVAILABLE cannot be reached: nobody listens (ECONNREFUSED). Start the agent, or correct the endpoint.',
      'IDENTITY_UNAVAILABLE cannot be reached: there is no such socket (ENOTDIR). Correct the endpoint.',
      'IDENTITY_UNAVAILABLE cannot be reached: nobody listens (ECONNREFUSED). Start the agent, or correct the endpoint.',
    ]);
    rmSync(folder, { recursive: true });
  });

  test('is named when the last X.509-SVID has expired', async () => {
    const agent = await agentWith({ svids: [first.message] });
    let now = new Date();
    const timing = { ...SYSTEM_TIMING, clock: () => now };
    const provider = providerOf(agent, { timeoutMilliseconds: 1000 }, timing);
    await provider();
    await agent.stop();
    now = new Date('2100-01-01');
    const { code, message } = await errorOf(provider);
    expect(code).toBe('CERTIFICATE_EXPIRED');
    expect(message).toContain(`The X.509-SVID ${BACKEND} has expired`);
    expect(message).toContain('cannot be reached: there is no such socket (ENOENT)');
  });

  test('but connected is asked again when the X.509-SVID has expired', async () => {
    const agent = await agentWith({ svids: [first.message] });
    let now = new Date();
    const provider = providerOf(agent, {}, { ...SYSTEM_TIMING, clock: () => now });
    const { expiration } = await provider();
    now = new Date(expiration.getTime() + 1);
    expect((await errorOf(provider)).message).toContain('has no newer one');
    expect(agent.calls()).toBe(2);
    now = new Date();
    expect(await derBy(provider)).toEqual(derOf(first.certificatePem));
  });

  test('is connected to once for fifty calls after the X.509-SVID has expired', async () => {
    const agent = await agentWith({ svids: [first.message] });
    let now = new Date();
    const provider = providerOf(agent, {}, { ...SYSTEM_TIMING, clock: () => now });
    await provider();
    now = new Date('2100-01-01');
    await Promise.all(Array.from({ length: 50 }, () => errorOf(provider)));
    expect(agent.calls()).toBe(2);
  });
});

describe('a refusal', () => {
  test('PermissionDenied is waited out, and named as no identity issued', async () => {
    const agent = await agentWith(DENIED);
    const { code, message } = await errorOf(providerOf(agent, { timeoutMilliseconds: 700 }));
    expect(code).toBe('IDENTITY_UNAVAILABLE');
    expect(message).toContain(
      'issues no identity to this process (PERMISSION_DENIED: no identity issued). It is not registered there',
    );
    expect(agent.calls()).toBeGreaterThan(1);
  });

  test('PermissionDenied is over when the workload is registered', async () => {
    const agent = await agentWith(DENIED);
    const identity = derBy(providerOf(agent));
    await eventually(() => agent.calls() > 0);
    agent.push({ svids: [first.message] });
    expect(await identity).toEqual(derOf(first.certificatePem));
  });

  test('PermissionDenied takes the X.509-SVID away', async () => {
    const agent = await agentWith({ svids: [first.message] });
    const provider = providerOf(agent, { timeoutMilliseconds: 300 });
    await provider();
    agent.push(DENIED);
    await eventually(() =>
      provider().then(
        () => false,
        () => true,
      ),
    );
    expect((await errorOf(provider)).message).toContain('issues no identity to this process');
  });

  test('InvalidArgument is told at once and not asked again', async () => {
    const agent = await agentWith({ code: status.INVALID_ARGUMENT, details: 'security header missing' });
    const provider = providerOf(agent);
    const errors = [await errorOf(provider), await errorOf(provider), await errorOf(provider)];
    expect(errors.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => 'IDENTITY_UNAVAILABLE'));
    expect(errors[2]?.message).toContain(
      'refused (INVALID_ARGUMENT: security header missing). It is not asked again',
    );
    expect(agent.calls()).toBe(1);
  });

  test('Unimplemented is told at once', async () => {
    const agent = await agentWith({ code: status.UNIMPLEMENTED, details: '' });
    expect((await errorOf(providerOf(agent))).message).toContain('refused (UNIMPLEMENTED');
  });

  test('InvalidArgument leaves what is in hand', async () => {
    const agent = await agentWith({ svids: [first.message] });
    const provider = providerOf(agent);
    await provider();
    agent.breakOff(status.INVALID_ARGUMENT, 'no');
    await eventually(() => agent.openStreams() === 0);
    expect(await derBy(provider)).toEqual(derOf(first.certificatePem));
  });
});

describe('an X.509-SVID is refused by its name', () => {
  const refusal = async (change: Partial<IssuedSvid['message']>) => {
    const agent = await agentWith({ svids: [{ ...first.message, ...change }] });
    const error = await errorOf(providerOf(agent));
    const { code, message } = error;
    const key = change.x509_svid_key ?? first.message.x509_svid_key;
    expect(shownOf(error, key)).toEqual([]);
    expect(message).toContain(`the X.509-SVID ${change.spiffe_id ?? BACKEND}`.slice(1));
    expect(message).not.toMatch(/`(certificate|chain|key|passphrase)`/);
    return code;
  };

  test('with the key of another', async () => {
    expect(await refusal({ x509_svid_key: second.message.x509_svid_key })).toBe('KEY_MISMATCH');
  });

  test('with a key that is damaged', async () => {
    expect(await refusal({ x509_svid_key: first.message.x509_svid_key.subarray(0, 40) })).toBe(
      'PRIVATE_KEY_INVALID',
    );
  });

  test('with a key in PEM', async () => {
    expect(await refusal({ x509_svid_key: Buffer.from(first.privateKeyPem) })).toBe('PRIVATE_KEY_INVALID');
  });

  test('with a key of EC in its own form, not in PKCS#8', async () => {
    const key = createPrivateKey(first.privateKeyPem).export({ type: 'sec1', format: 'der' });
    expect(await refusal({ x509_svid_key: key })).toBe('PRIVATE_KEY_INVALID');
  });

  test('with a key of four megabytes', async () => {
    expect(await refusal({ x509_svid_key: Buffer.alloc(4_000_000, 0x30) })).toBe('PRIVATE_KEY_INVALID');
  });

  test('with certificates of four megabytes', async () => {
    expect(await refusal({ x509_svid: Buffer.alloc(4_000_000, 0x30) })).toBe('CERTIFICATE_INVALID');
  });

  test('with an encrypted key', async () => {
    const key = createPrivateKey(first.privateKeyPem);
    const options = { type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    expect(await refusal({ x509_svid_key: key.export(options) })).toBe('PRIVATE_KEY_INVALID');
  });

  test('with certificates that are cut off', async () => {
    expect(await refusal({ x509_svid: first.message.x509_svid.subarray(0, -1) })).toBe('CERTIFICATE_INVALID');
  });

  test('with another SPIFFE ID in its certificate', async () => {
    expect(await refusal({ spiffe_id: FRONTEND })).toBe('CERTIFICATE_INVALID');
  });

  test('with a certificate that does not belong to its chain', async () => {
    const stranger = (await createTrustDomain()).issuer.certificatePem;
    const x509_svid = Buffer.concat([first.message.x509_svid, derOf(stranger)]);
    expect(await refusal({ x509_svid })).toBe('CHAIN_INVALID');
  });

  test('that has expired already', async () => {
    const past = { notBefore: new Date('2020-01-01'), notAfter: new Date('2020-01-02') };
    const { message } = await domain.issue(BACKEND, past);
    expect(await refusal(message)).toBe('CERTIFICATE_EXPIRED');
  });

  test('that is not valid yet', async () => {
    const future = { notBefore: new Date('2098-01-01'), notAfter: new Date('2098-01-02') };
    const { message } = await domain.issue(BACKEND, future);
    expect(await refusal(message)).toBe('CERTIFICATE_NOT_YET_VALID');
  });
});

/** The forms of a secret that an error shows, however it is printed. */
function shownOf(error: unknown, secret: Uint8Array): string[] {
  const text = inspect(error, { depth: 20, maxArrayLength: Infinity, maxStringLength: Infinity });
  const octets = Buffer.from(secret);
  const forms = [octets.toString('hex'), octets.toString('base64'), [...octets.subarray(0, 20)].join(', ')];
  return forms.filter((form) => text.replaceAll(/\s+/g, ' ').includes(form));
}

describe('options', () => {
  test('are checked at once, every problem in one error', () => {
    const init = { endpoint: 'tcp://localhost:1', spiffeId: 'example.org', hint: '', timeoutMilliseconds: 0 };
    expect(() => fromSpiffe(init)).toThrow(/`endpoint`.*`spiffeId`.*`hint`.*`timeoutMilliseconds`/);
  });

  test('without an endpoint name the environment variable', async () => {
    const { code, message } = await errorOf(() => fromSpiffe());
    expect(code).toBe('INVALID_OPTION');
    expect(message).toContain('SPIFFE_ENDPOINT_SOCKET is not set');
  });

  test('of other types are refused', async () => {
    for (const init of [null, 'unix:///a', { endpoint: 1 }, { endpoint: 'unix:///a', hint: 1 }]) {
      expect((await errorOf(() => fromSpiffe(init as never))).code).toBe('INVALID_OPTION');
    }
  });
});
