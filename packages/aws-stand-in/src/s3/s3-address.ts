import type { RawRequest } from '@rolesanywhere/emulator';

import { headerOf } from '../header.js';
import { s3Error } from './s3-error.js';

/** What a request is about. */
export interface S3Address {
  /** Empty when the request is about the service. */
  readonly bucket: string;
  /** Empty when the request is about a bucket. */
  readonly key: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The hosts under which a bucket may stand as a label of its own: `bucket.localhost`, `bucket.s3.….amazonaws.com`. */
const HOST_STYLE =
  /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.(?:localhost|s3(?:[.-][a-z0-9]+)*\.amazonaws\.com(?:\.cn)?)(?::\d+)?$/i;

/**
 * Reads bucket and key, in path style or host style. Keys are taken as they are: no dot segments, no collapsed slashes,
 * a plus sign is a plus sign.
 *
 * @throws ServiceError `InvalidURI`, `KeyTooLongError`
 */
export function s3Address(request: RawRequest): S3Address {
  const mark = request.target.indexOf('?');
  const path = (mark === -1 ? request.target : request.target.slice(0, mark)).replace(
    /^[a-z]+:\/\/[^/]*/i,
    '',
  );
  const parameters = parseParameters(mark === -1 ? '' : request.target.slice(mark + 1));
  const host = HOST_STYLE.exec(headerOf(request, 'host') ?? '')?.[1];
  const rest = path.replace(/^\//, '');
  if (host !== undefined) return checked({ bucket: host.toLowerCase(), key: decode(rest), parameters });
  const slash = rest.indexOf('/');
  if (slash === -1) return { bucket: decode(rest), key: '', parameters };
  return checked({ bucket: decode(rest.slice(0, slash)), key: decode(rest.slice(slash + 1)), parameters });
}

function checked(address: S3Address): S3Address {
  if (Buffer.byteLength(address.key) <= 1024) return address;
  throw s3Error(400, 'KeyTooLongError', 'Your key is too long');
}

function parseParameters(query: string): ReadonlyMap<string, string> {
  const pieces = query.split('&').filter((piece) => piece !== '');
  return new Map(
    pieces.map((piece) => {
      const equals = piece.indexOf('=');
      return equals === -1
        ? [decode(piece), '']
        : [decode(piece.slice(0, equals)), decode(piece.slice(equals + 1))];
    }),
  );
}

function decode(text: string): string {
  try {
    if (/^[\x20-\x7e]*$/.test(text)) return decodeURIComponent(text);
  } catch {
    // Told below, like a byte that should have been encoded.
  }
  throw s3Error(400, 'InvalidURI', "Couldn't parse the specified URI.");
}
