import type { Fault } from '@rolesanywhere/emulator';
import type { FromRolesAnywhereInit } from '@rolesanywhere/credential-provider';
import { createFaultAuthority, freePort, serveRefusingProxy, type FaultWorld } from './fault-world.js';

/** One kind of trouble, and what comes of it. */
export interface FaultCase {
  readonly name: string;
  /** Brings the trouble about. */
  readonly arrange: (world: FaultWorld) => unknown;
  readonly init?: FromRolesAnywhereInit;
  readonly error: {
    readonly code: string;
    readonly status?: number;
    /** Absent: as many as the pace allows. */
    readonly attempts?: number;
    readonly says: readonly string[];
    readonly cause?: { readonly code?: string; readonly name?: string };
  };
}

/** The next three requests meet the fault: as many as one call makes. */
const meet =
  (fault: Fault, times = 3) =>
  (world: FaultWorld): void =>
    world.emulator.faults.next(...Array.from({ length: times }, () => fault));

const malformed = (says: string, status = 201) => ({
  code: 'RESPONSE_MALFORMED',
  status,
  attempts: 1,
  says: ['localhost', says, 'Check clientConfig.endpoint'],
});
const cut = {
  code: 'NETWORK_FAILED',
  attempts: 3,
  says: ['did not reach localhost', 'was cut', 'Check the network'],
  cause: { code: 'ECONNRESET' },
};
const late = {
  code: 'TIMED_OUT',
  attempts: 3,
  says: ['localhost did not answer in time', 'raise totalTimeoutMilliseconds'],
};
const distrusted = (code: string) => ({
  code: 'NETWORK_FAILED',
  attempts: 1,
  says: ['did not reach localhost', 'TLS certificate', 'NODE_EXTRA_CA_CERTS'],
  cause: { code },
});

/** Every kind of trouble that a call can meet. */
export const faultCases: readonly FaultCase[] = [
  {
    name: 'a refused connection',
    arrange: async (world) => {
      world.endpoint = `https://localhost:${await freePort()}`;
    },
    error: {
      ...cut,
      says: ['did not reach localhost', 'refused', 'its port'],
      cause: { code: 'ECONNREFUSED' },
    },
  },
  { name: 'a reset connection', arrange: meet({ type: 'reset' }), error: cut },
  {
    name: 'a reset of plain TCP',
    arrange: async (world) => {
      world.endpoint = await world.listen();
      meet({ type: 'reset' })(world);
    },
    error: cut,
  },
  {
    name: 'a black hole',
    arrange: meet({ type: 'blackHole' }),
    init: { totalTimeoutMilliseconds: 4000 },
    error: late,
  },
  {
    name: 'an answer that drips',
    arrange: meet({ type: 'drip', milliseconds: 20 }),
    init: { totalTimeoutMilliseconds: 4000 },
    error: late,
  },
  {
    name: 'a TLS certificate of an unknown CA',
    arrange: async (world) => {
      const { authority: issuer } = await createFaultAuthority();
      world.endpoint = await world.listen({ tls: await world.issueServer({ issuer }) });
    },
    error: distrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
  },
  {
    name: 'a TLS certificate that has expired',
    arrange: async (world) => {
      const dates = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };
      world.endpoint = await world.listen({ tls: await world.issueServer(dates) });
    },
    error: distrusted('CERT_HAS_EXPIRED'),
  },
  {
    name: 'a TLS certificate of another host',
    arrange: async (world) => {
      const subjectAlternativeName = [{ type: 'dns', value: 'elsewhere.example' }] as const;
      world.endpoint = await world.listen({ tls: await world.issueServer({ subjectAlternativeName }) });
    },
    error: distrusted('ERR_TLS_CERT_ALTNAME_INVALID'),
  },
  { name: 'half a body', arrange: meet({ type: 'truncated', bytes: 200 }), error: cut },
  { name: 'HTML with 200', arrange: meet({ type: 'webPage' }), error: malformed('web page', 200) },
  { name: '201 {}', arrange: meet({ type: 'emptyObject' }), error: malformed('no credentialSet') },
  {
    name: 'an empty credential set',
    arrange: meet({ type: 'emptyCredentialSet' }),
    error: malformed('credentialSet is empty'),
  },
  {
    name: 'an expiration in the past',
    arrange: meet({ type: 'expiration', seconds: -1 }),
    error: malformed('expired at'),
  },
  { name: 'no expiration', arrange: meet({ type: 'expiration' }), error: malformed('no expiration') },
  {
    name: 'an expiration beyond belief',
    arrange: meet({ type: 'expiration', seconds: 86_400 * 365 }),
    error: malformed('later than any session lasts'),
  },
  {
    name: 'a body of 1 GiB',
    arrange: meet({ type: 'huge', bytes: 2 ** 30 }),
    error: { ...malformed('too large'), cause: { name: 'BodyTooLargeError' } },
  },
  {
    name: '301',
    arrange: meet({ type: 'redirect', location: 'https://elsewhere.example/' }),
    error: {
      code: 'REQUEST_REJECTED',
      status: 301,
      attempts: 1,
      says: ['localhost', 'redirect', 'not followed', 'Check clientConfig.endpoint'],
    },
  },
  {
    name: '429',
    arrange: meet({ type: 'throttle' }),
    error: {
      code: 'THROTTLED',
      status: 429,
      says: ['localhost', '"Rate exceeded"', 'higher quota'],
    },
  },
  {
    name: '429 with Retry-After beyond the time limit',
    arrange: meet({ type: 'throttle', retryAfterSeconds: 60 }, 1),
    error: { code: 'THROTTLED', status: 429, attempts: 1, says: ['localhost', 'Share one provider'] },
  },
  ...[500, 503].map((status) => ({
    name: String(status),
    arrange: meet({ type: 'serverError', status }),
    error: {
      code: 'SERVICE_FAILED',
      status,
      attempts: 3,
      says: ['localhost', String(status), 'Try again later'],
    },
  })),
  {
    name: 'a clock ten minutes off, over plain HTTP',
    arrange: async (world) => {
      world.endpoint = await world.listen();
      meet({ type: 'clockSkew', seconds: 600 })(world);
    },
    error: { code: 'CLOCK_SKEWED', status: 403, attempts: 1, says: ['10 minutes behind', 'set it right'] },
  },
  {
    name: 'a host name that does not exist',
    arrange: (world) => {
      world.endpoint = 'https://roles.invalid';
    },
    error: {
      code: 'NETWORK_FAILED',
      attempts: 3,
      says: ['did not reach roles.invalid', 'host name was not found', 'DNS'],
    },
  },
  {
    name: '407 of a proxy',
    arrange: async (world) => {
      process.env['HTTPS_PROXY'] = await serveRefusingProxy(world);
      world.endpoint = 'https://roles.invalid';
    },
    error: {
      code: 'NETWORK_FAILED',
      attempts: 1,
      says: ['did not reach roles.invalid', 'the proxy 127.0.0.1:', '(407)', 'HTTPS_PROXY'],
      cause: { name: 'ProxyError' },
    },
  },
];
