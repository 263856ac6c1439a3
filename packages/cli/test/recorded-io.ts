import type { Io } from '../src/io.js';

/** An Io that keeps what was written. */
export interface RecordedIo extends Io {
  readonly written: { stdout: string; stderr: string };
}

export function recordedIo(env: Io['env'] = {}): RecordedIo {
  const written = { stdout: '', stderr: '' };
  return {
    written,
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
    env,
    version: '1.2.3',
  };
}
