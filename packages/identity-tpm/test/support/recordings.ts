import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FromTpmInit } from '../../src/index.js';

/** What an emulated TPM was asked and answered when an identity was read and two messages were signed. */
export interface Recording {
  readonly title: string;
  /** PEM. */
  readonly certificate: string;
  /** `TSS2 PRIVATE KEY`; absent for persistent keys, which have a `handle`. */
  readonly keyFile?: string;
  readonly handle?: string;
  readonly password?: string;
  /** `signed`, or the code of the error. */
  readonly result: string;
  /** In hexadecimal. */
  readonly exchanges: readonly { readonly command: string; readonly response: string }[];
}

/** Where they are. */
export const RECORDINGS = join(dirname(fileURLToPath(import.meta.url)), '..', 'recorded');

/** Every recording, by the name of its file. */
export function recordings(): readonly (readonly [name: string, recording: Recording])[] {
  return readdirSync(RECORDINGS).map((file) => [
    file.replace('.json', ''),
    recorded(file.replace('.json', '')),
  ]);
}

/** One recording. */
export function recorded(name: string): Recording {
  return JSON.parse(readFileSync(join(RECORDINGS, `${name}.json`), 'utf8')) as Recording;
}

/** The messages that were signed, after one that the source signs itself. */
export const MESSAGES = ['first', 'second'] as const;

/** Files of a recording in a folder, as options of `fromTpm`. */
export function filesOf({ certificate, keyFile, handle, password }: Recording): {
  readonly init: FromTpmInit;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
  writeFileSync(join(folder, 'server.crt'), certificate);
  writeFileSync(join(folder, 'server.pem'), keyFile ?? '');
  const privateKey = handle ?? join(folder, 'server.pem');
  return {
    init: {
      certificate: join(folder, 'server.crt'),
      privateKey,
      ...(password === undefined ? {} : { password }),
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
