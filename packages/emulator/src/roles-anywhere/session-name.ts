/** Whether a serial number of an odd number of hex digits gets a leading zero in the session name. */
export type SerialPadding = 'even' | 'none';

/**
 * The certificate's serial number as lower-case hex: the session name when the request brings none.
 * 0x123 is `0123`, or `123` with padding `none`: AWS does not document which.
 *
 * @see AWS IAM Roles Anywhere User Guide, "CreateSession"
 */
export function serialAsSessionName(serialNumber: bigint, padding: SerialPadding = 'even'): string {
  const hex = serialNumber.toString(16);
  return padding === 'even' && hex.length % 2 === 1 ? `0${hex}` : hex;
}
