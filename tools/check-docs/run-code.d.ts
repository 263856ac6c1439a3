import type { Block } from './documents.js';

export function runCode(
  documents: readonly { readonly file: string; readonly blocks: readonly Block[] }[],
): readonly string[];
