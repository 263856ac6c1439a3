import XmlBuilder from 'fast-xml-builder';
import { XMLParser } from 'fast-xml-parser';

/** Content of an element: text, elements by name, or the same element several times. */
export type XmlContent = string | { readonly [name: string]: XmlContent | readonly XmlContent[] | undefined };

/** A whole document to write. */
export interface XmlDocument {
  readonly root: string;
  readonly namespace?: string;
  readonly content: XmlContent;
}

/** What was read: text, or elements by name; `undefined` where there is none. */
export type XmlNode = string | { readonly [name: string]: XmlNode | readonly XmlNode[] | undefined };

/** Writes a document. Text is escaped, also the control characters that XML would otherwise change or lose. */
export function toXml({ root, namespace, content }: XmlDocument): string {
  const element = typeof content === 'string' ? { '#text': content } : content;
  const builder = new XmlBuilder({
    ignoreAttributes: false,
    processEntities: false,
    tagValueProcessor: (_name: string, value: unknown) => escapeText(String(value)),
  });
  const document = namespace === undefined ? element : { '@_xmlns': namespace, ...element };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: document })}`;
}

/**
 * Reads a document. Every value is text, blanks included; an element named in `lists` is an array even when it occurs
 * once. Document types, and with them entities of the sender's own, are refused.
 *
 * @returns the content of the root element, or undefined when the text is not such a document
 */
export function parseXml(
  body: Uint8Array,
  expected: { readonly root: string; readonly lists?: readonly string[] },
): XmlNode | undefined {
  const text = Buffer.from(body).toString('utf8');
  if (text.includes('<!') || text.length > MAXIMUM_LENGTH) return undefined;
  const parser = new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    removeNSPrefix: true,
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
    isArray: (name: string) => expected.lists?.includes(name) ?? false,
  });
  try {
    const document: unknown = parser.parse(text, true);
    return isElement(document) ? first(document[expected.root]) : undefined;
  } catch {
    return undefined;
  }
}

/** A child element's text; undefined when there is no such element. */
export function childText(node: XmlNode | undefined, name: string): string | undefined {
  const child = typeof node === 'object' ? node[name] : undefined;
  return typeof child === 'string' ? child : undefined;
}

/** The children of one name. */
export function children(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  const child = typeof node === 'object' ? node[name] : undefined;
  return Array.isArray(child) ? child : [];
}

/** DeleteObjects of 1000 keys of 1024 characters, each escaped, stays below. */
const MAXIMUM_LENGTH = 8_388_608;

/** The parser, as configured, gives nothing but text, arrays and plain objects of these. */
function isElement(
  value: unknown,
): value is Readonly<Record<string, XmlNode | readonly XmlNode[] | undefined>> {
  return typeof value === 'object' && value !== null;
}

function first(node: XmlNode | readonly XmlNode[] | undefined): XmlNode | undefined {
  return typeof node === 'string' || isSingle(node) ? node : undefined;
}

function isSingle(node: XmlNode | readonly XmlNode[] | undefined): node is XmlNode {
  return node !== undefined && !Array.isArray(node);
}

function escapeText(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex -- these are the characters to be escaped
    /[&<>"'\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g,
    (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`,
  );
}

const ENTITIES: Readonly<Record<string, string | undefined>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
