import { type ObjectType, OBJECT_TYPES, type Pkcs11Uri, Pkcs11UriError } from './pkcs11-uri.js';
import { percentDecode, percentDecodeText } from './percent-decode.js';

type Mutable = { -readonly [Name in keyof Pkcs11Uri]: Pkcs11Uri[Name] };
type Reader = (value: string, name: string) => Mutable;

const SCHEME = /^pkcs11:/i;
/** Longer than any URI that names one object, short enough to be read at once. */
const MAXIMUM_LENGTH = 8192;
/** RFC 7512 §2.3: names are letters, digits, hyphens and underscores. */
const NAME = /^[A-Za-z0-9_-]+$/;
/** RFC 7512 §2.3: vendor-specific attributes begin so by custom; their meaning is not known here. */
const VENDOR = /^x-/i;

const PATH_ATTRIBUTES: Readonly<Record<string, Reader>> = {
  token: (value, name) => ({ token: percentDecodeText(value, name) }),
  manufacturer: (value, name) => ({ manufacturer: percentDecodeText(value, name) }),
  serial: (value, name) => ({ serial: percentDecodeText(value, name) }),
  model: (value, name) => ({ model: percentDecodeText(value, name) }),
  'library-manufacturer': (value, name) => ({ libraryManufacturer: percentDecodeText(value, name) }),
  'library-description': (value, name) => ({ libraryDescription: percentDecodeText(value, name) }),
  'library-version': readVersion,
  object: (value, name) => ({ object: percentDecodeText(value, name) }),
  type: readType,
  id: (value, name) => ({ id: percentDecode(value, name) }),
  'slot-manufacturer': (value, name) => ({ slotManufacturer: percentDecodeText(value, name) }),
  'slot-description': (value, name) => ({ slotDescription: percentDecodeText(value, name) }),
  'slot-id': readSlotId,
};

const QUERY_ATTRIBUTES: Readonly<Record<string, Reader>> = {
  'pin-source': (value, name) => ({ pinSource: percentDecodeText(value, name) }),
  'pin-value': (value, name) => ({ pinValue: percentDecodeText(value, name) }),
  'module-name': readModuleName,
  'module-path': (value, name) => ({ modulePath: percentDecodeText(value, name) }),
};

/** True for text that means to be such a URI, whether it is a right one or not. */
export function isPkcs11Uri(text: string): boolean {
  return SCHEME.test(text);
}

/**
 * Reads a `pkcs11:` URI: all attributes of the standard; vendor attributes (`x-…`) are passed over, all other names and
 * every repetition are refused, because a selection that is read in half selects something else.
 *
 * @throws Pkcs11UriError naming the attribute, never its value
 * @example
 * parsePkcs11Uri('pkcs11:token=hsm;id=%01?pin-source=/run/secrets/pin').token; // 'hsm'
 * @see RFC 7512 §2.3, §2.4
 */
export function parsePkcs11Uri(text: string): Pkcs11Uri {
  if (!isPkcs11Uri(text)) throw new Pkcs11UriError('does not begin with `pkcs11:`');
  if (text.length > MAXIMUM_LENGTH) throw new Pkcs11UriError(`is longer than ${MAXIMUM_LENGTH} characters`);
  if (/[\s\p{Cc}#]/u.test(text))
    throw new Pkcs11UriError('holds a space, a control character or `#`; write %20, %23 and so on');
  const [, path = '', query] = /^pkcs11:([^?]*)(?:\?(.*))?$/i.exec(text) ?? [];
  const uri = {
    ...readAttributes(path === '' ? [] : path.split(';'), PATH_ATTRIBUTES, QUERY_ATTRIBUTES),
    ...readAttributes(query === undefined ? [] : query.split('&'), QUERY_ATTRIBUTES, PATH_ATTRIBUTES),
  };
  if (uri.pinValue !== undefined && uri.pinSource !== undefined)
    throw new Pkcs11UriError('has both `pin-value` and `pin-source`; keep one (RFC 7512 §2.4)');
  return uri;
}

function readAttributes(
  parts: readonly string[],
  known: Readonly<Record<string, Reader>>,
  elsewhere: Readonly<Record<string, Reader>>,
): Pkcs11Uri {
  const seen = new Set<string>();
  const uri: Mutable = {};
  for (const part of parts) {
    const { name, value } = splitAttribute(part);
    if (VENDOR.test(name)) continue;
    if (seen.has(name)) throw new Pkcs11UriError(`has \`${name}\` twice`);
    if (!Object.hasOwn(known, name)) throw unknownName(name, seen, elsewhere);
    seen.add(name);
    Object.assign(uri, known[name]?.(value, name));
  }
  return uri;
}

function splitAttribute(part: string): { readonly name: string; readonly value: string } {
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/.exec(part) ?? [];
  // Not shown: it may be the rest of a PIN that was not percent-encoded.
  if (value === undefined || !NAME.test(name))
    throw new Pkcs11UriError('has an attribute that is not of the form `name=value`');
  return { name, value };
}

function unknownName(
  name: string,
  seen: ReadonlySet<string>,
  elsewhere: Readonly<Record<string, Reader>>,
): Pkcs11UriError {
  if (Object.hasOwn(elsewhere, name)) {
    const place = Object.hasOwn(QUERY_ATTRIBUTES, name) ? 'after the `?`' : 'before the `?`';
    return new Pkcs11UriError(`has \`${name}\` in the wrong place; it belongs ${place}`);
  }
  // What follows a PIN may be the rest of it, behind an `&` that should have been written %26.
  if (seen.has('pin-value'))
    return new Pkcs11UriError('has an unknown attribute after `pin-value`; write `&` in a PIN as %26');
  return new Pkcs11UriError(`has the attribute \`${name}\`, which is unknown`);
}

function readType(value: string, name: string): Mutable {
  const type = percentDecodeText(value, name);
  if (!isObjectType(type))
    throw new Pkcs11UriError(`has a \`type\` that is none of ${OBJECT_TYPES.join(', ')}`);
  return { type };
}

function isObjectType(text: string): text is ObjectType {
  return OBJECT_TYPES.some((type) => type === text);
}

/** Neither a path nor the name of a file. */
function readModuleName(value: string, name: string): Mutable {
  const moduleName = percentDecodeText(value, name);
  if (moduleName === '' || /[/\\]/.test(moduleName))
    throw new Pkcs11UriError('has a `module-name` that is not a name; `module-path` takes a path');
  return { moduleName };
}

/** A CK_ULONG, of 64 bits at most. Zero is the number of a slot like others. */
function readSlotId(value: string): Mutable {
  if (!/^[0-9]{1,20}$/.test(value)) throw new Pkcs11UriError('has a `slot-id` that is not a decimal number');
  const slotId = BigInt(value);
  if (slotId >= 1n << 64n) throw new Pkcs11UriError('has a `slot-id` of more than 64 bits');
  return { slotId };
}

function readVersion(value: string): Mutable {
  const [, major, minor = '0'] = /^([0-9]{1,3})(?:\.([0-9]{1,3}))?$/.exec(value) ?? [];
  if (major === undefined) throw new Pkcs11UriError('has a `library-version` that is not like `2` or `2.40`');
  return { libraryVersion: { major: Number(major), minor: Number(minor) } };
}
