import type { Fault, FaultSchedule } from '@rolesanywhere/emulator';

/** Every kind of trouble the emulator knows, once or more. */
const everyFault: readonly Fault[] = [
  { type: 'throttle' },
  { type: 'throttle', retryAfterSeconds: 7 },
  { type: 'throttle', retryAfterSeconds: 100 },
  { type: 'serverError' },
  { type: 'serverError', status: 503, retryAfterSeconds: 3 },
  { type: 'redirect', location: 'https://elsewhere.example/' },
  { type: 'webPage' },
  { type: 'emptyObject' },
  { type: 'reset' },
  { type: 'blackHole' },
  { type: 'clockSkew', seconds: 600 },
  { type: 'clockSkew', seconds: -600 },
  { type: 'emptyCredentialSet' },
  { type: 'expiration' },
  { type: 'expiration', seconds: -5 },
  { type: 'expiration', seconds: 0 },
  { type: 'expiration', seconds: 30 * 3600 },
  { type: 'expiration', seconds: 200 },
  { type: 'slow', milliseconds: 3000 },
  { type: 'slow', milliseconds: 60_000 },
  { type: 'truncated', bytes: 0 },
  { type: 'truncated', bytes: 200 },
  { type: 'drip', milliseconds: 5 },
  { type: 'drip', milliseconds: 2000 },
  { type: 'huge', bytes: 2 ** 21 },
];

/** Good times and bad times, at random; in bad ones four calls of five meet a fault, each kind as often as any other. */
export function createRandomFaults(
  now: () => number,
  random: () => number,
): { readonly schedule: FaultSchedule; readonly met: ReadonlySet<Fault['type']> } {
  const met = new Set<Fault['type']>();
  let bad = false;
  let endsAt = now();
  let deck: readonly Fault[] = [];
  const schedule: FaultSchedule = () => {
    while (endsAt <= now()) {
      bad = !bad;
      endsAt += (bad ? 40 : 60) * 60_000 * random();
    }
    if (!bad || random() > 0.8) return undefined;
    if (deck.length === 0) deck = everyFault;
    const fault = deck[Math.floor(random() * deck.length)];
    deck = deck.filter((other) => other !== fault);
    if (fault !== undefined) met.add(fault.type);
    return fault;
  };
  return { schedule, met };
}
