import type { IdentityErrorCode } from '@rolesanywhere/signer';

/**
 * Why a PKCS#12 file cannot be used. The message goes into a sentence after the name of the file ("is damaged: …"), which is
 * not known where the fault is found; it never holds content.
 */
export class Pkcs12Fault extends Error {
  override name = 'Pkcs12Fault';
  readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The bytes are not what a PKCS#12 file is made of. `what` ends "is damaged or cut off: ". */
export function malformed(what: string): Pkcs12Fault {
  const advice = 'Replace it with an intact one.';
  return new Pkcs12Fault('PRIVATE_KEY_INVALID', `is damaged or cut off: ${what}. ${advice}`);
}

/** The file is protected in a way that is not known here. `how` ends "is protected with ". */
export function unsupported(how: string): Pkcs12Fault {
  const advice =
    'Protect it anew: openssl pkcs12 -in FILE -nodes -out all.pem (with -legacy, if it is old), then openssl pkcs12 -export -in all.pem -out NEW.';
  return new Pkcs12Fault('KEY_UNSUPPORTED', `is protected with ${how}, which is not supported. ${advice}`);
}

/** What the passphrase should have opened does not open with it. */
export function passphraseWrong(): Pkcs12Fault {
  const message =
    'does not open with the given passphrase. Check `passphrase`; if it is right, the file is damaged.';
  return new Pkcs12Fault('PASSPHRASE_WRONG', message);
}
