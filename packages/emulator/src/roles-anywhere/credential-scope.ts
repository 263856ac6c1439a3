import type { Authorization } from '../sigv4/authorization.js';
import { parseLongDate } from '../sigv4/long-date.js';
import { invalidSignature, type RefusalReason } from './refusal.js';
import type { SignatureRules } from './signature-rules.js';

/**
 * The credential must name the certificate's serial number, in decimal.
 *
 * @throws Refusal `SERIAL_NOT_DECIMAL` or `SERIAL_MISMATCH`
 */
export function checkSerial(credentialId: string, serialNumber: bigint): void {
  if (credentialId === serialNumber.toString()) return;
  const normal = credentialId
    .toLowerCase()
    .replaceAll(':', '')
    .replace(/^(0x)?0*(?=.)/, '');
  if (normal === serialNumber.toString(16) || !/^(0|[1-9]\d*)$/.test(credentialId)) {
    throw invalidSignature(
      'SERIAL_NOT_DECIMAL',
      `Credential has the serial number as '${credentialId}'; it must be decimal without leading zeros: ${serialNumber}`,
    );
  }
  throw invalidSignature(
    'SERIAL_MISMATCH',
    `Credential has the serial number ${credentialId}, the certificate has ${serialNumber}`,
  );
}

/**
 * The credential scope must be this day, this region and this service.
 *
 * @throws Refusal `SCOPE_…_WRONG` or `SCOPE_DATE_MISMATCH`
 */
export function checkScope(
  scope: Authorization,
  expected: { readonly longDate: string; readonly region: string },
): void {
  const wrong = (reason: RefusalReason, part: string): never => {
    throw invalidSignature(reason, `The credential scope ${scope.scope} has the wrong ${part}`);
  };
  if (scope.terminator !== 'aws4_request') wrong('SCOPE_TERMINATOR_WRONG', 'ending: aws4_request is due');
  if (scope.service !== 'rolesanywhere') wrong('SCOPE_SERVICE_WRONG', 'service: rolesanywhere is due');
  if (scope.region !== expected.region) wrong('SCOPE_REGION_WRONG', `region: ${expected.region} is due`);
  if (scope.date !== expected.longDate.slice(0, 8))
    wrong('SCOPE_DATE_MISMATCH', `date: X-Amz-Date is ${expected.longDate}`);
}

/**
 * Reads X-Amz-Date.
 *
 * @throws Refusal `DATE_MALFORMED`
 */
export function readSigningDate(longDate: string): Date {
  const signingDate = parseLongDate(longDate);
  if (signingDate !== undefined) return signingDate;
  throw invalidSignature(
    'DATE_MALFORMED',
    `X-Amz-Date is '${longDate.slice(0, 64)}'; YYYYMMDDTHHMMSSZ is due`,
  );
}

/**
 * The signing date must be near the emulator's clock.
 *
 * @throws Refusal `CLOCK_SKEWED`
 */
export function checkClock(signingDate: Date, { now, clockToleranceSeconds }: SignatureRules): void {
  const seconds = (now.getTime() - signingDate.getTime()) / 1000;
  if (Math.abs(seconds) <= clockToleranceSeconds) return;
  const direction = seconds > 0 ? 'past' : 'future';
  throw invalidSignature(
    'CLOCK_SKEWED',
    `The request was signed ${Math.abs(Math.round(seconds))} s in the ${direction}; ${clockToleranceSeconds} s are allowed`,
  );
}
