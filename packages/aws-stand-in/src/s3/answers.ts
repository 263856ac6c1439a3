import type { RawResponse } from '@rolesanywhere/emulator';

import { toXml, type XmlContent } from '../xml.js';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A 200 with an XML body. */
export function xmlAnswer(root: string, content: XmlContent): RawResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: toXml({ root, namespace: NAMESPACE, content }),
  };
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): RawResponse {
  return { status, headers, body: '' };
}

/** A date as S3 writes it in XML. */
export function xmlDate(date: Date): string {
  return date.toISOString();
}
