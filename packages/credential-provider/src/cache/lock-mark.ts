import { isRecord } from '../session.js';

/** What a lock's file says of its holder. */
export interface LockMark {
  /** Empty when the file does not say. */
  readonly host: string;
  /** Number of the process; 0 when the file does not say. */
  readonly pid: number;
  /** When the process began, milliseconds since the epoch. */
  readonly start: number;
  /** The longest that it holds the lock. */
  readonly milliseconds: number;
}

/** Of a lock whose file does not say, because its holder died while it wrote that. */
const defaultMilliseconds = 30_000;

/** Nobody is believed to take longer: ten minutes. */
const longestMilliseconds = 600_000;

/** Reads a mark, of which any part may be missing. */
export function parseLockMark(text: string): LockMark {
  const { host, pid, start, milliseconds } = parseRecord(text);
  return {
    host: typeof host === 'string' ? host : '',
    pid: typeof pid === 'number' ? pid : 0,
    start: typeof start === 'number' ? start : 0,
    milliseconds:
      typeof milliseconds === 'number' ? Math.min(milliseconds, longestMilliseconds) : defaultMilliseconds,
  };
}

function parseRecord(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
