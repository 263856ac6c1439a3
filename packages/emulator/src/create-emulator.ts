import { randomBytes } from 'node:crypto';
import { setTimeout as sleepForReal } from 'node:timers/promises';
import { createFaults, type Faults, type FaultSchedule } from './faults.js';
import type { RawHandler } from './http.js';
import { createInProcessHandler, type InProcessRequestHandler } from './in-process-handler.js';
import { createIssuedSessions, type IssuedSession } from './issued-sessions.js';
import { mintMadeUp, type Mint } from './minting.js';
import { limitRate } from './quota.js';
import type { RandomBytes } from './random.js';
import { createRegistry, type ControlPlane } from './registry.js';
import { createSessionHandler } from './roles-anywhere/create-session.js';
import type { SerialPadding } from './roles-anywhere/session-name.js';
import type { Verdict } from './roles-anywhere/verdict.js';
import { listen, type Listening, type ListenOptions } from './server.js';

/** How the emulator is set up. Everything has a default. */
export interface EmulatorInit {
  /** Default `us-east-1`. */
  readonly region?: string;
  /** Twelve digits. Default `111122223333`. */
  readonly accountId?: string;
  /** Default `aws`. */
  readonly partition?: string;
  /** Default: this machine's. */
  readonly clock?: () => Date;
  /** Default: `randomBytes` of `node:crypto`. */
  readonly random?: RandomBytes;
  /** How far a signing date may be from the clock, either way. Default 300. */
  readonly clockToleranceSeconds?: number;
  /** Lets an uncovered header and a wrong algorithm name pass, as the live service does, and reports them. Default false. */
  readonly lenient?: boolean;
  /** Refuses a certificate whose extended key usage lacks clientAuth. Default false. */
  readonly requireClientAuthEku?: boolean;
  /** False: no trust policy is looked at, and roles need not be registered. Default true. */
  readonly evaluateTrustPolicy?: boolean;
  /** Answers 404 `ResourceNotFoundException` for an unknown trust anchor or profile; the live service was seen to answer 403. Default false. */
  readonly notFoundAs404?: boolean;
  /** Most certificates in `X-Amz-X509-Chain`. Default 5. */
  readonly maximumChainLength?: number;
  /** Whether a serial number of an odd number of hex digits is padded in the session name. Default `even`. */
  readonly serialPadding?: SerialPadding;
  /** Whether a session name may have a `+`. Default false. */
  readonly allowPlusInRoleSessionName?: boolean;
  /** Where credentials come from. Default `mintMadeUp()`. */
  readonly mint?: Mint;
  /**
   * CreateSession calls each second that are let through; those above get 429 `ThrottlingException`. The live service's
   * quota is 10 for an account and region. Default: no limit.
   */
  readonly createSessionsPerSecond?: number;
  /** Decides on trouble, request by request. Default: none. */
  readonly faults?: FaultSchedule;
  /** Waits, for the fault `slow`. Default: this machine's time. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /**
   * Called with every decision before it is answered, but not for what a fault or the quota answers. What it throws, the
   * caller of the handler gets.
   */
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** An IAM Roles Anywhere service in this process. */
export interface Emulator extends ControlPlane {
  /** The service as a pure function: no port, no socket. */
  readonly handle: RawHandler;
  /** The service as a request handler for `clientConfig.requestHandler`. */
  readonly requestHandler: InProcessRequestHandler;
  /** The service on a port, loopback only unless asked. */
  listen(options?: ListenOptions): Promise<Listening>;
  /** Trouble for the next requests. */
  readonly faults: Faults;
  /** The session of an access key id, up to an hour past its expiration. For whoever verifies what it signs. */
  findSession(accessKeyId: string): IssuedSession | undefined;
}

/**
 * Makes an emulator of IAM Roles Anywhere's CreateSession: it verifies signature, clock, certificate path, revocation,
 * profile, role and trust policy by itself and answers as the service does.
 *
 * @example
 * const emulator = createEmulator();
 * const { trustAnchorArn } = emulator.createTrustAnchor({ name: 'ca', certificates: caPem });
 * const { roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy });
 * const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
 * const credentials = fromRolesAnywhere({
 *   trustAnchorArn, profileArn, roleArn, identity,
 *   clientConfig: { requestHandler: emulator.requestHandler },
 * });
 * @see AWS IAM Roles Anywhere User Guide
 */
export function createEmulator(init: EmulatorInit = {}): Emulator {
  const { clock = () => new Date(), random = randomBytes } = init;
  const { partition = 'aws', region = 'us-east-1', accountId = '111122223333' } = init;
  const registry = createRegistry({ partition, region, accountId, clock, random });
  const sessions = createIssuedSessions({ clock });
  const service = {
    registry,
    partition,
    region,
    accountId,
    clock,
    random,
    mint: init.mint ?? mintMadeUp({ random }),
    keepSession: sessions.keep,
    onVerdict: init.onVerdict ?? (() => undefined),
    clockToleranceSeconds: init.clockToleranceSeconds ?? 300,
    lenient: init.lenient ?? false,
    requireClientAuthEku: init.requireClientAuthEku ?? false,
    evaluateTrustPolicy: init.evaluateTrustPolicy ?? true,
    notFoundAs404: init.notFoundAs404 ?? false,
    maximumChainLength: init.maximumChainLength ?? 5,
    serialPadding: init.serialPadding ?? 'even',
    allowPlusInRoleSessionName: init.allowPlusInRoleSessionName ?? false,
  };
  const { handle, faults } = createFaults({
    clock,
    random,
    sleep: init.sleep ?? ((milliseconds) => sleepForReal(milliseconds)),
    schedule: limitRate(init.createSessionsPerSecond, init.faults ?? (() => undefined)),
    serve: (request, clockOfRequest) => createSessionHandler({ ...service, clock: clockOfRequest })(request),
  });
  return {
    ...registry.controlPlane,
    handle,
    faults,
    requestHandler: createInProcessHandler(handle),
    listen: (options) => listen(handle, options),
    findSession: sessions.find,
  };
}
