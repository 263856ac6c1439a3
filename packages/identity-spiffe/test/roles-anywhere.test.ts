import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { createEmulator } from '@rolesanywhere/emulator';
import { type Targets, createTargets } from '../../../tools/test-support/create-targets.js';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';
import { fromSpiffe } from '../src/index.js';
import { type Agent, startAgent } from './support/agent.js';
import { BACKEND, FRONTEND, createTrustDomain } from './support/svid.js';

const region = 'eu-central-1';
const emulator = createEmulator({ region });
const ends: (() => Promise<void>)[] = [];
let agent: Agent;
let targets: Targets;

/** A role for the backend alone, by the URI of its certificate. */
beforeAll(async () => {
  const domain = await createTrustDomain();
  const issued = [await domain.issue(BACKEND), await domain.issue(FRONTEND)];
  agent = await startAgent({ svids: issued.map(({ message }) => message) });
  const Statement = trustPolicy.Statement.map((statement) => ({
    ...statement,
    Condition: { StringEquals: { 'aws:PrincipalTag/x509SAN/URI': BACKEND } },
  }));
  targets = createTargets(emulator, {
    trustAnchorPem: domain.root.certificatePem,
    trustPolicy: { ...trustPolicy, Statement },
  });
});

afterAll(async () => {
  for (const end of ends) await end();
  await agent.end();
});

function credentialsOf(spiffeId: string) {
  const identity = fromSpiffe({ endpoint: agent.endpoint, spiffeId });
  ends.push(() => identity.close());
  const clientConfig = { requestHandler: emulator.requestHandler, maxAttempts: 1 };
  return fromRolesAnywhere({ ...targets, identity, clientConfig });
}

test('a role that asks for a SPIFFE ID is given to that workload, by its intermediate', async () => {
  const { sessionToken, expiration } = await credentialsOf(BACKEND)();
  expect(sessionToken).not.toBe('');
  expect(expiration?.getTime()).toBeGreaterThan(Date.now());
});

test('and not to another workload of the trust domain', async () => {
  await expect(credentialsOf(FRONTEND)()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
});

test('an agent that is away is told by the credential provider as what it is', async () => {
  const identity = fromSpiffe({ endpoint: 'tcp://127.0.0.1:1', timeoutMilliseconds: 500 });
  ends.push(() => identity.close());
  const clientConfig = { requestHandler: emulator.requestHandler, maxAttempts: 1 };
  await expect(fromRolesAnywhere({ ...targets, identity, clientConfig })()).rejects.toMatchObject({
    name: 'CredentialsProviderError',
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringContaining('nobody listens (ECONNREFUSED)'),
  });
});
