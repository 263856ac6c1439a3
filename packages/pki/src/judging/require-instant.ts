import { PkiError } from '../errors.js';

/** An invalid date would compare as neither before nor after anything. @throws PkiError `INVALID_OPTION` */
export function requireInstant(at: Date): void {
  if (Number.isNaN(at.getTime()))
    throw new PkiError('INVALID_OPTION', '`at` is not a date: give the instant to judge at.');
}
