import { readObjectIdentifier, readSequence, readSet } from '../der/der-values.js';
import { readText } from '../der/read-text.js';
import type { DerNode } from '../der/read-der.js';
import { SHORT_NAME_BY_OID } from './attribute-types.js';
import type { DistinguishedName, NameAttribute } from './distinguished-name.js';
import { distinguishedNameText } from './distinguished-name-text.js';

interface ReadAttribute extends NameAttribute {
  readonly der: Uint8Array;
  readonly isText: boolean;
}

/** A Name. @throws Error when it is not one */
export function readDistinguishedName(node: DerNode | undefined, what: string): DistinguishedName {
  const relativeNames = readSequence(node, what).map((set) => readRelativeName(set, what));
  const plain = relativeNames.map((attributes) => attributes.map(withoutEncoding));
  return {
    // `readSequence` has refused an absent node.
    der: node?.der ?? new Uint8Array(),
    text: distinguishedNameText(relativeNames),
    attributes: plain.flat(),
    relativeNames: plain,
    normalized: relativeNames.map(normalizedRelativeName),
  };
}

function readRelativeName(node: DerNode, what: string): ReadAttribute[] {
  const attributes = readSet(node, `a part of ${what}`).map((attribute) => readAttribute(attribute, what));
  if (attributes.length === 0) throw new Error(`a part of ${what} is empty`);
  return attributes;
}

function readAttribute(node: DerNode, what: string): ReadAttribute {
  const [type, value, ...rest] = readSequence(node, `an attribute of ${what}`);
  const oid = readObjectIdentifier(type, `an attribute type of ${what}`);
  if (value === undefined || rest.length > 0) throw new Error(`an attribute of ${what} is not a pair`);
  const text = readText(value, `an attribute of ${what}`);
  const shortName = Object.hasOwn(SHORT_NAME_BY_OID, oid) ? SHORT_NAME_BY_OID[oid] : undefined;
  return {
    oid,
    ...(shortName === undefined ? {} : { shortName }),
    value: text ?? `#${Buffer.from(value.der).toString('hex')}`,
    der: value.der,
    isText: text !== undefined,
  };
}

function withoutEncoding({ oid, shortName, value }: ReadAttribute): NameAttribute {
  return { oid, ...(shortName === undefined ? {} : { shortName }), value };
}

/** RFC 5280 §7.1 compares as RFC 4518 prepares: compatibility form, folded case, single spaces. */
function normalizedRelativeName(attributes: readonly ReadAttribute[]): string {
  const parts = attributes.map(({ oid, value, isText }) =>
    isText ? `${oid}=${foldText(value)}` : `${oid}#${value}`,
  );
  return JSON.stringify(parts.toSorted());
}

function foldText(value: string): string {
  return value.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
