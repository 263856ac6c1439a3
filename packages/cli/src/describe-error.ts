import { isRolesAnywhereError, SessionError } from '@rolesanywhere/credential-provider';
import { UsageError } from './errors.js';

/**
 * Any error as one line: what happened, to which thing, what to do; for a refusal also the service's own words and the
 * request id. What a server or a file put into it cannot steer the terminal: control characters become spaces.
 * @param command - whose help is pointed at when the command line is wrong; default: the overview
 */
export function describeError(error: unknown, command = ''): string {
  return oneLine(error instanceof UsageError ? withHelp(error.message, command) : textOf(error));
}

function withHelp(message: string, command: string): string {
  return `${message} (${`rolesanywhere help ${command}`.trim()})`;
}

function textOf(error: unknown): string {
  if (error instanceof SessionError) return inFlags(withRequestId(error), transportFlags);
  if (isRolesAnywhereError(error)) return inFlags(error.message, flagsByOption);
  return `unexpected failure: ${error instanceof Error ? error.message : String(error)}`;
}

function withRequestId({ message, requestId }: SessionError): string {
  const known = requestId === undefined || message.includes(requestId);
  return known ? message : `${message} (request id ${requestId})`;
}

type Renaming = readonly (readonly [option: RegExp, flag: string])[];

const transportFlags: Renaming = [
  [/\bclientConfig\.region\b/g, '--region'],
  [/\bclientConfig\.endpoint\b/g, '--endpoint'],
  [/\bstart Node with NODE_EXTRA_CA_CERTS set\b/g, 'set AWS_CA_BUNDLE'],
  [/, or raise totalTimeoutMilliseconds\b/g, ''],
];

/** The libraries speak of options; whoever reads this line has flags. Not for a refusal: it quotes the service. */
const flagsByOption: Renaming = [
  ...transportFlags,
  [/\btrustAnchorArn\b/g, '--trust-anchor-arn'],
  [/\bprofileArn\b/g, '--profile-arn'],
  [/\broleArn\b/g, '--role-arn'],
  [/\bdurationSeconds\b/g, '--session-duration'],
  [/\broleSessionName\b/g, '--role-session-name'],
  [/\bSet `passphrase`, a text or a function\b/g, 'Give --pkcs8-password'],
  [/`passphrase`/g, '--pkcs8-password'],
  [/ \((option|input)\)/g, ''],
];

function inFlags(message: string, renaming: Renaming): string {
  return renaming.reduce((text, [option, flag]) => text.replaceAll(option, flag), message);
}

function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/:\s*\n\s*- /g, ': ')
    .replaceAll(/\s*\n\s*- /g, '; ')
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
