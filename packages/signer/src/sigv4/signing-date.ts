import { ConfigurationError } from '../errors.js';

/** The two forms of a signing date: `YYYYMMDD'T'HHMMSS'Z'` for `X-Amz-Date`, `YYYYMMDD` for the scope. */
export interface FormattedSigningDate {
  readonly longDate: string;
  readonly shortDate: string;
}

/**
 * Formats the signing date, in UTC.
 *
 * @throws ConfigurationError `INVALID_OPTION` when the date is invalid or its year has not four digits
 * @example
 * formatSigningDate(new Date(0)); // { longDate: '19700101T000000Z', shortDate: '19700101' }
 */
export function formatSigningDate(signingDate: Date): FormattedSigningDate {
  const year = signingDate.getUTCFullYear();
  if (!(year >= 1000 && year <= 9999)) {
    const message = '`signingDate` is not a valid date. Give a Date between the years 1000 and 9999.';
    throw new ConfigurationError({ code: 'INVALID_OPTION', message });
  }
  const shortDate = `${year}${twoDigits(signingDate.getUTCMonth() + 1)}${twoDigits(signingDate.getUTCDate())}`;
  const hours = twoDigits(signingDate.getUTCHours());
  const minutes = twoDigits(signingDate.getUTCMinutes());
  return { shortDate, longDate: `${shortDate}T${hours}${minutes}${twoDigits(signingDate.getUTCSeconds())}Z` };
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}
