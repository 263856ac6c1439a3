import type { NameConstraintSubtree } from '../certificate/certificate.js';
import type { GeneralName } from '../names/general-name.js';
import { addressOctets } from '../names/ip-address.js';

/** `unsupported`: of the same form, but the form or the name cannot be compared. */
export type SubtreeMatch = 'yes' | 'no' | 'otherType' | 'unsupported';

/** Is the name within the subtree? @see RFC 5280 §4.2.1.10 */
export function matchSubtree(name: GeneralName, { base, hasDistance }: NameConstraintSubtree): SubtreeMatch {
  if (name.type !== base.type) return 'otherType';
  if (name.type === 'other' && tagOf(name) !== tagOf(base)) return 'otherType';
  if (hasDistance) return 'unsupported';
  if (name.type === 'other') return 'unsupported';
  if (name.type === 'email') return matchEmail(name.value, base.value);
  if (name.type === 'ip') return matchAddress(name.value, base.value);
  if (name.type === 'uri') return matchUri(name.value, base.value);
  if (name.type === 'directoryName') return answer(isDirectoryNameWithin(name, base));
  return answer(isDnsWithin(name.value.toLowerCase(), base.value.toLowerCase()));
}

function answer(isWithin: boolean): SubtreeMatch {
  return isWithin ? 'yes' : 'no';
}

/** The first octet, which tells otherName, x400Address, ediPartyName and registeredID apart. */
function tagOf({ value }: GeneralName): string {
  return value.slice(0, 2);
}

/** Adding labels on the left keeps a name within; an empty base holds every name. */
function isDnsWithin(name: string, base: string): boolean {
  if (base === '' || name === base) return true;
  return base.startsWith('.') ? name.endsWith(base) : name.endsWith(`.${base}`);
}

/** The base is the beginning of the name, counted from the most general part. */
function isDirectoryNameWithin(name: GeneralName, base: GeneralName): boolean {
  const parts = name.name?.normalized ?? [];
  return (base.name?.normalized ?? []).every((part, index) => part === parts[index]);
}

/** A base is a mailbox, a host, or a domain with a period in front. Only the host ignores case. */
function matchEmail(name: string, base: string): SubtreeMatch {
  const at = name.lastIndexOf('@');
  if (at === -1) return 'unsupported';
  const host = name.slice(at + 1).toLowerCase();
  const baseAt = base.lastIndexOf('@');
  const baseHost = base.slice(baseAt + 1).toLowerCase();
  if (baseAt > 0 && base.slice(0, baseAt) !== name.slice(0, at)) return 'no';
  return answer(isHostWithin(host, baseHost));
}

/** Without a host a URI cannot be held against a constraint, and RFC 5280 says to reject. */
function matchUri(name: string, base: string): SubtreeMatch {
  const [, authority] = /^[^:/?#]+:\/\/([^/?#]*)/.exec(name) ?? [];
  const host = authority
    ?.slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .toLowerCase();
  return host === undefined || host === '' ? 'unsupported' : answer(isHostWithin(host, base.toLowerCase()));
}

/** `.example.com` holds the hosts below it, `example.com` only itself. */
function isHostWithin(host: string, base: string): boolean {
  if (base === '') return true;
  return base.startsWith('.') ? host.length > base.length && host.endsWith(base) : host === base;
}

function matchAddress(name: string, base: string): SubtreeMatch {
  const address = addressOctets(name);
  const range = addressOctets(base);
  if (address === undefined || range === undefined) return 'unsupported';
  if (range.length !== 2 * address.length) return 'no';
  return answer(
    address.every((octet, index) => {
      const mask = range[address.length + index] ?? 0;
      return (octet & mask) === ((range[index] ?? 0) & mask);
    }),
  );
}
