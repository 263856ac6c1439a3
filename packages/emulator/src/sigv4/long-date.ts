/**
 * Reads the date form of `X-Amz-Date`, `YYYYMMDDTHHMMSSZ`.
 *
 * @returns undefined for any other text and for days and times that do not exist
 */
export function parseLongDate(value: string): Date | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(value)) return undefined;
  const iso = value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const date = new Date(iso);
  // The parser of ECMAScript rolls 30 February over; a date that exists survives the round trip.
  return Number.isNaN(date.getTime()) || date.toISOString() !== iso ? undefined : date;
}

/** Writes a date as `YYYYMMDDTHHMMSSZ`; fractions of a second are cut off. Years 0000 to 9999. */
export function formatLongDate(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}
