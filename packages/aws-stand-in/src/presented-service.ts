import { parseAuthorization, type RawRequest } from '@rolesanywhere/emulator';

import { headerOf } from './header.js';

/**
 * Which service a request is for: the one in its credential scope, and without a readable one, what it looks like.
 * Nothing is believed here; the handler of that service verifies.
 */
export function presentedService(request: RawRequest): 'sts' | 's3' {
  const service =
    parseAuthorization(headerOf(request, 'authorization') ?? '')?.service ?? serviceInQuery(request);
  if (service === 'sts' || service === 's3') return service;
  const isForm = headerOf(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
  return (request.method === 'POST' && isForm) || /[?&]Action=/.test(request.target) ? 'sts' : 's3';
}

function serviceInQuery(request: RawRequest): string | undefined {
  return /[?&]X-Amz-Credential=[^&/%]{1,256}(?:\/|%2F)\d{8}(?:\/|%2F)[^&/%]{1,64}(?:\/|%2F)(\w{1,64})(?:\/|%2F)/i.exec(
    request.target,
  )?.[1];
}
