import { inspect } from 'node:util';

/** Which of the secrets a value shows, however it is printed: as text, in hexadecimal or in Base64. */
export function secretsShown(
  value: unknown,
  secrets: readonly (string | Uint8Array | undefined)[],
): readonly string[] {
  const options = { depth: 20, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity };
  const text = `${inspect(value, options)}\n${JSON.stringify(value)}`;
  return secrets.flatMap(formsOf).filter((form) => text.includes(form));
}

function formsOf(secret: string | Uint8Array | undefined): readonly string[] {
  if (secret === undefined || secret.length === 0) throw new Error('an empty secret is found everywhere');
  const bytes = Buffer.from(secret);
  const forms = [bytes.toString('hex'), bytes.toString('base64')];
  return typeof secret === 'string' ? [secret, ...forms] : forms;
}
