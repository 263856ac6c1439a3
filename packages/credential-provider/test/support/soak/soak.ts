import type { AwsCredentialIdentity } from '@aws-sdk/types';
import { createEmulator, type Fault, type FaultSchedule } from '@rolesanywhere/emulator';
import { issueCertificateAuthority } from '@rolesanywhere/pki';
import { createProvider } from '../../../src/create-provider.js';
import { trustPolicy } from '../../../../../tools/test-support/trust-policy.js';
import { createRandom } from '../random.js';
import { createVirtualRuntime } from '../virtual-runtime.js';
import { createRandomFaults } from './random-faults.js';
import { createRotatingIdentity, spoilings } from './rotating-identity.js';
import { deliverOnVirtualTime, type BodyFault } from './virtual-delivery.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** A call takes up to 20 s, and it is not known when in it the session was given; times come in whole seconds. */
const unsureMilliseconds = 22 * second;

export interface SoakPlan {
  readonly hours: number;
  readonly seed: number;
  readonly sessionSeconds: number;
  /** Called after each virtual hour. */
  readonly onHour?: () => void;
}

export interface SoakResult {
  /** What went against the promises, in words; empty when nothing did. */
  readonly complaints: readonly string[];
  readonly requests: number;
  readonly failures: number;
  readonly sessions: number;
  readonly faultsMet: ReadonlySet<Fault['type']>;
  readonly timersLeft: number;
  readonly holdsLeft: number;
}

/**
 * An application that asks for credentials for many virtual hours, while the service, the network, the certificate files and
 * the clock do all they can.
 */
export async function soak(plan: SoakPlan): Promise<SoakResult> {
  const random = createRandom(plan.seed);
  const runtime = createVirtualRuntime(random);
  const epoch = runtime.now() - runtime.monotonic();
  let slept = 0;
  /** The time outside, which this machine's clock follows badly. */
  const trueTime = (): number => epoch + runtime.monotonic() + slept;
  /** Grows with time, and with every time the clock was set forward: from inside that looks like sleep. */
  let seenTime = 0;
  const seen = (): number => runtime.monotonic() + seenTime;
  const authority = await issueCertificateAuthority({
    subject: 'CN=CA',
    keyAlgorithm: { type: 'EC' },
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2046-01-01'),
  });
  const identity = await createRotatingIdentity(authority);
  const faults = createRandomFaults(trueTime, random);
  let bodyFault: BodyFault | undefined;
  let skew = 0;
  /** What was so when the service gave a session. */
  const issues = new Map<string, { readonly skew: number; readonly seenAhead: number }>();
  const schedule: FaultSchedule = (call) => {
    const fault = faults.schedule(call);
    skew = fault?.type === 'clockSkew' ? fault.seconds * second : 0;
    if (fault?.type !== 'drip' && fault?.type !== 'truncated') return fault;
    bodyFault = fault;
    return undefined;
  };
  const emulator = createEmulator({
    region: 'eu-central-1',
    clock: () => new Date(trueTime()),
    faults: schedule,
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        runtime.after(milliseconds, resolve);
      }),
  });
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'ca',
    certificates: authority.certificatePem,
  });
  const { roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  const requestHandler = deliverOnVirtualTime(emulator.requestHandler, {
    runtime,
    takeBodyFault: () => {
      const taken = bodyFault;
      bodyFault = undefined;
      return taken;
    },
    onAnswer: (body) => {
      const id = /"accessKeyId":"(\w+)"/.exec(body)?.[1];
      // A copy: a part of a text keeps the whole of it in memory.
      if (id === undefined) return;
      issues.set(Buffer.from(id).toString(), { skew, seenAhead: seen() - trueTime() });
    },
  });
  const provider = createProvider(
    {
      trustAnchorArn,
      profileArn,
      roleArn,
      identity: () => identity.read(),
      durationSeconds: plan.sessionSeconds,
      clientConfig: { requestHandler },
    },
    runtime,
  );

  const complaints: string[] = [];
  const ids = new Set<string>();
  let requests = 0;
  let failures = 0;
  /** The newest credentials that the application was given, and until when they hold by all that this machine can know. */
  let newest: { readonly id: string; readonly goodUntil: number } | undefined;
  const complain = (askedAt: number, text: string): void => {
    complaints.push(`hour ${((askedAt - epoch) / hour).toFixed(2)}: ${text}`);
  };
  const judge = (
    { accessKeyId, secretAccessKey, ...given }: AwsCredentialIdentity,
    askedAt: number,
  ): void => {
    const issued = emulator.findSession(accessKeyId);
    if (issued === undefined) return complain(askedAt, 'credentials that nobody issued');
    if (issued.secretAccessKey !== secretAccessKey || issued.sessionToken !== given.sessionToken)
      complain(askedAt, 'credentials of two sessions');
    // It ends by the service's clock, which may have been wrong.
    const { skew: off = 0, seenAhead = 0 } = issues.get(accessKeyId) ?? {};
    if (issued.expiration.getTime() - off <= askedAt) complain(askedAt, 'expired credentials');
    ids.add(accessKeyId);
    if (newest?.id === accessKeyId) return;
    const claimed = Math.min(given.expiration?.getTime() ?? 0, issued.expiration.getTime());
    newest = { id: accessKeyId, goodUntil: claimed - off + seenAhead };
  };
  const ask = async (): Promise<void> => {
    requests += 1;
    const askedAt = trueTime();
    try {
      judge(await provider(), askedAt);
    } catch (error) {
      failures += 1;
      if (newest !== undefined && newest.goodUntil - unsureMilliseconds > seen())
        complain(askedAt, `a failure while credentials were valid: ${String(error)}`);
    }
  };

  const setClock = (milliseconds: number): void => {
    runtime.jump(milliseconds);
    seenTime += Math.max(0, milliseconds);
  };
  const happenings: readonly (() => void)[] = [
    () => identity.rotate(),
    () => identity.spoil(spoilings[Math.floor(random() * spoilings.length)] ?? 'mixed'),
    () => identity.rotate(),
    () => setClock(random() * 2 * hour),
    () => setClock(-random() * 2 * hour),
    // Back to the right time, as a time server does it.
    () => setClock(trueTime() - runtime.now()),
    () => {
      const length = random() * 3 * hour;
      slept += length;
      setClock(length);
    },
  ];

  const end = trueTime() + plan.hours * hour;
  let nextHour = trueTime() + hour;
  while (trueTime() < end) {
    for (let count = 0; count <= random() * 3; count += 1) void ask();
    await runtime.advance(random() * random() * 3 * minute);
    if (random() < 0.02) happenings[Math.floor(random() * happenings.length)]?.();
    while (trueTime() >= nextHour) {
      nextHour += hour;
      plan.onHour?.();
    }
  }
  await runtime.advance(2 * minute);
  return {
    complaints,
    requests,
    failures,
    sessions: ids.size,
    faultsMet: faults.met,
    timersLeft: runtime.timers,
    holdsLeft: runtime.holds,
  };
}
