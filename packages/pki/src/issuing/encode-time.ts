import { Time, TimeType } from 'pkijs';
import { PkiError } from '../errors.js';

/** UTCTime through 2049, GeneralizedTime from 2050 on; fractions of a second are cut off. @see RFC 5280 §4.1.2.5 */
export function encodeTime(time: Date, option: string): Time {
  const year = time.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999)) {
    throw new PkiError('INVALID_OPTION', `${option} is not a date between the years 1950 and 9999.`);
  }
  const seconds = new Date(Math.floor(time.getTime() / 1000) * 1000);
  return new Time({ type: year < 2050 ? TimeType.UTCTime : TimeType.GeneralizedTime, value: seconds });
}
