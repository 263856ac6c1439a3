import { MintError } from './errors.js';
import type { MintedCredentials } from './minting.js';

/**
 * Reads the XML answer of AssumeRole: only the members that are needed, each exactly once, plain text inside.
 *
 * @throws MintError `ASSUME_ROLE_FAILED` for anything else; the message never quotes the answer
 * @see AWS STS API Reference, "AssumeRole", response elements
 */
export function parseAssumeRoleAnswer(xml: string): MintedCredentials {
  const credentials = element(xml, 'Credentials');
  if (credentials === undefined) throw malformed('Credentials');
  const expiration = new Date(required(credentials, 'Expiration'));
  if (Number.isNaN(expiration.getTime())) throw malformed('Expiration');
  const user = element(xml, 'AssumedRoleUser') ?? '';
  const assumedRoleArn = text(user, 'Arn');
  const assumedRoleId = text(user, 'AssumedRoleId') ?? text(user, 'AssumeRoleId');
  const packedPolicySize = Number(text(xml, 'PackedPolicySize') ?? Number.NaN);
  return {
    accessKeyId: required(credentials, 'AccessKeyId'),
    secretAccessKey: required(credentials, 'SecretAccessKey'),
    sessionToken: required(credentials, 'SessionToken'),
    expiration,
    ...(assumedRoleArn === undefined ? {} : { assumedRoleArn }),
    ...(assumedRoleId === undefined ? {} : { assumedRoleId }),
    ...(Number.isInteger(packedPolicySize) ? { packedPolicySize } : {}),
  };
}

/** What a refusal says: its code and message, or its status when it says nothing. At most 500 characters. */
export function parseAssumeRoleRefusal(answer: { readonly status: number; readonly body: string }): string {
  const parts = [text(answer.body, 'Code'), text(answer.body, 'Message')].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0
    ? `AssumeRole answered ${answer.status}`
    : `AssumeRole: ${parts.join(': ')}`.slice(0, 500);
}

function required(xml: string, name: string): string {
  const value = text(xml, name);
  if (value === undefined || value === '') throw malformed(name);
  return value;
}

/** Text of the one element of that name; undefined when there is none, or more, or elements inside. */
function text(xml: string, name: string): string | undefined {
  const content = element(xml, name);
  return content === undefined || content.includes('<') ? undefined : unescape(content.trim());
}

function element(xml: string, name: string): string | undefined {
  const open = new RegExp(`<${name}(?:\\s[^>]*)?>`, 'g');
  const [first, ...more] = xml.matchAll(open);
  if (first === undefined || more.length > 0) return undefined;
  const start = first.index + first[0].length;
  const end = xml.indexOf(`</${name}>`, start);
  return end === -1 ? undefined : xml.slice(start, end);
}

function unescape(value: string): string {
  return value.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, ...groups) => {
      const [hex, decimal, name] = groups;
      if (typeof name === 'string') return ENTITIES[name] ?? whole;
      const codePoint = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
      return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
    },
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function malformed(name: string): MintError {
  return new MintError('ASSUME_ROLE_FAILED', `The answer of AssumeRole has no usable ${name}`);
}
