import { isRecord, type Session } from '../session.js';
import { sha256 } from './sha256.js';

/** A session as a cache keeps it: what other processes need of it, and nothing else. */
export interface CachedSession {
  readonly credentials: Session['credentials'];
  readonly accountId?: string;
  /** When it was made, by the wall clock of the machine that asked for it; milliseconds since the epoch. */
  readonly createdMilliseconds: number;
  /** How long it lasts from then. */
  readonly lifetimeMilliseconds: number;
  /** When that machine was started, by the same clock. Left out where nobody knows. */
  readonly bootMilliseconds?: number;
}

const version = 1;

/** The entry as text, with a checksum over all of it. */
export async function formatCachedSession(entry: CachedSession): Promise<string> {
  const content = { version, ...entry };
  return JSON.stringify({ ...content, sha256: await sha256(JSON.stringify(content)) });
}

/** Reads what {@link formatCachedSession} wrote; undefined for everything else, such as half of it, or a flipped bit. */
export async function parseCachedSession(text: string): Promise<CachedSession | undefined> {
  const value = parseJson(text);
  if (!isRecord(value) || value['version'] !== version) return undefined;
  const { sha256: checksum, ...content } = value;
  // Members keep their order on the way through JSON.
  if (checksum !== (await sha256(JSON.stringify(content)))) return undefined;
  const { accountId, createdMilliseconds, lifetimeMilliseconds, bootMilliseconds } = content;
  const credentials = parseCredentials(content['credentials']);
  if (credentials === undefined) return undefined;
  if (!isFiniteNumber(createdMilliseconds) || !isFiniteNumber(lifetimeMilliseconds)) return undefined;
  return {
    credentials,
    createdMilliseconds,
    lifetimeMilliseconds,
    ...(isText(accountId) ? { accountId } : {}),
    ...(isFiniteNumber(bootMilliseconds) ? { bootMilliseconds } : {}),
  };
}

function parseJson(text: unknown): unknown {
  try {
    // A cache of the application's own may give anything.
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function parseCredentials(value: unknown): CachedSession['credentials'] | undefined {
  if (!isRecord(value)) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, expiration: date } = value;
  if (!isText(accessKeyId) || !isText(secretAccessKey) || !isText(sessionToken)) return undefined;
  const expiration = new Date(isText(date) ? date : Number.NaN);
  if (Number.isNaN(expiration.getTime())) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
