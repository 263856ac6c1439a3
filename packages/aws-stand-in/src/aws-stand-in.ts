import { randomBytes } from 'node:crypto';

import {
  listen,
  type IssuedSession,
  type Listening,
  type ListenOptions,
  type RawHandler,
} from '@rolesanywhere/emulator';

import type { Authorize } from './caller.js';
import { createCallers } from './callers.js';
import { presentedService } from './presented-service.js';
import type { AwsRole, AwsUser } from './principals.js';
import { createS3Handler } from './s3/s3-handler.js';
import { createStore } from './s3/store.js';
import { createStsHandler } from './sts/sts-handler.js';

/** Options of {@link createAwsStandIn}. */
export interface AwsStandInInit {
  /** Default `111122223333`. */
  readonly accountId?: string;
  /** The region of S3. Default: any region in a signature is right, and buckets are in us-east-1. */
  readonly region?: string;
  /** Default: the clock of this machine. */
  readonly clock?: () => Date;
  /** Sessions given out elsewhere: `emulator.findSession`. Default: none. */
  readonly findSession?: (accessKeyId: string) => IssuedSession | undefined;
  readonly users?: readonly AwsUser[];
  /** Roles that `AssumeRole` gives sessions of. Default: every role of the account, for at most an hour. */
  readonly roles?: readonly AwsRole[];
  /** The policy. Default: everything is allowed. */
  readonly authorize?: Authorize;
  /** Makes identifiers and tokens. Default: `crypto.randomBytes`. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** STS and S3 in memory, at one endpoint. */
export interface AwsStandIn {
  /** Without a port. */
  readonly handle: RawHandler;
  /** On a port; bodies up to 64 MiB unless said otherwise. */
  readonly listen: (options?: ListenOptions) => Promise<Listening>;
  /** A session of its own `AssumeRole`, or one of those it was given. */
  readonly findSession: (accessKeyId: string) => IssuedSession | undefined;
}

/**
 * STS (`GetCallerIdentity`, `AssumeRole`) and S3 (buckets, objects, lists, ranges, multipart uploads, checksums) that
 * verify every request as AWS does: signature, session token and its expiry, clock, body. The service in the
 * credential scope says which of the two a request is for. Everything is in memory and gone with the process.
 *
 * @example
 * const aws = createAwsStandIn({ findSession: emulator.findSession });
 * const { url, close } = await aws.listen();
 */
export function createAwsStandIn(init: AwsStandInInit = {}): AwsStandIn {
  const {
    accountId = '111122223333',
    clock = () => new Date(),
    random = randomBytes,
    authorize = () => true,
  } = init;
  const callers = createCallers({
    accountId,
    clock,
    users: init.users ?? [],
    findSession: init.findSession ?? (() => undefined),
  });
  const context = { accountId, clock, random, authorize, callers };
  const sts = createStsHandler({ ...context, ...(init.roles && { roles: init.roles }) });
  const s3 = createS3Handler({
    ...context,
    ...(init.region && { region: init.region }),
    store: createStore(),
  });
  const handle: RawHandler = (request) => (presentedService(request) === 'sts' ? sts : s3)(request);
  return {
    handle,
    listen: (options) => listen(handle, { maximumBodyBytes: 67_108_864, ...options }),
    findSession: callers.findSession,
  };
}
