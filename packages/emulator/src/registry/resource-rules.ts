import { ControlPlaneError } from '../errors.js';
import { randomUuid, type RandomBytes } from '../random.js';

/** Where the registry's resources live, and what their ids and dates come from. */
export interface RegistryContext {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly clock: () => Date;
  readonly random: RandomBytes;
}

/**
 * Checks the name of a trust anchor, profile or CRL: 1 to 255 of letters, digits, space, `-` and `_`.
 *
 * @throws ControlPlaneError `ValidationException`
 * @see AWS IAM Roles Anywhere API Reference, "CreateTrustAnchor"
 */
export function assertResourceName(name: string): void {
  if (name.length >= 1 && name.length <= 255 && /^[ a-zA-Z0-9-_]*$/.test(name)) return;
  throw new ControlPlaneError(
    'ValidationException',
    `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[ a-zA-Z0-9-_]*$ and have length 1 to 255`,
  );
}

/**
 * The id given, or a new one: a lower-case UUID.
 *
 * @throws ControlPlaneError `ValidationException` when the id given has another form
 */
export function resourceId(given: string | undefined, random: RandomBytes): string {
  if (given === undefined) return randomUuid(random);
  if (/^[a-f0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}$/.test(given)) return given;
  throw new ControlPlaneError('ValidationException', `The id '${given}' is not a UUID in lower case`);
}

/** `arn:<partition>:rolesanywhere:<region>:<account>:<type>/<id>` */
export function resourceArn(context: RegistryContext, type: string, id: string): string {
  return `arn:${context.partition}:rolesanywhere:${context.region}:${context.accountId}:${type}/${id}`;
}

/** Session duration of a profile: 900 to 43200 whole seconds. */
export function assertDuration(
  seconds: number,
  { minimum, name }: { readonly minimum: number; readonly name: string },
): void {
  if (Number.isInteger(seconds) && seconds >= minimum && seconds <= 43_200) return;
  throw new ControlPlaneError(
    'ValidationException',
    `1 validation error detected: Value '${seconds}' at '${name}' failed to satisfy constraint: Member must be between ${minimum} and 43200`,
  );
}
