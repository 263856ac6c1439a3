import type { Block } from './documents.js';

export function faultOf(block: Block, scripts: readonly string[]): Promise<string | undefined>;
