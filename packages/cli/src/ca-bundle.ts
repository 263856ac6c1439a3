import { readFile } from 'node:fs/promises';
import { UsageError } from './errors.js';
import type { Io } from './io.js';

/**
 * The content of the file that `AWS_CA_BUNDLE` names: the CAs that vouch for the endpoint, instead of Node's own.
 * Undefined when the variable is not set.
 *
 * @throws UsageError when the file cannot be read
 * @see "General configuration", `ca_bundle`, in the AWS SDKs and Tools Reference Guide
 */
export async function readCaBundle(env: Io['env']): Promise<string | undefined> {
  const path = env['AWS_CA_BUNDLE'];
  if (path === undefined || path === '') return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new UsageError([`AWS_CA_BUNDLE names ${path}, which cannot be read; correct it or unset it`]);
  }
}
