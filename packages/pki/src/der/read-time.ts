import { hasTag } from './der-values.js';
import { TAG, type DerNode } from './read-der.js';

/**
 * UTCTime `YYMMDDHHMMSSZ` (1950–2049) or GeneralizedTime `YYYYMMDDHHMMSSZ`, and a date that exists.
 *
 * @throws Error for any other value
 * @see RFC 5280 §4.1.2.5
 */
export function readTime(node: DerNode | undefined, what: string): Date {
  if (!isTime(node)) throw new Error(`${what} is not a time`);
  const text = Buffer.from(node.content).toString('latin1');
  const century = Number(text.slice(0, 2)) < 50 ? '20' : '19';
  const digits = node.tag === TAG.utcTime ? `${century}${text}` : text;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) ?? [];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = new Date(iso);
  // 30 February is read as 2 March; the round trip finds it.
  if (Number.isNaN(time.getTime()) || time.toISOString() !== iso) throw new Error(`${what} is not a date`);
  return time;
}

/** True for UTCTime and GeneralizedTime. */
export function isTime(node: DerNode | undefined): node is DerNode {
  return hasTag(node, TAG.utcTime) || hasTag(node, TAG.generalizedTime);
}
