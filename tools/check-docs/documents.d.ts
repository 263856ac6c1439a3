/** A fenced block of a document. */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** That the block stands below. */
  readonly heading: string;
  /** Of its first fence, from 1. */
  readonly line: number;
  readonly given: string;
  readonly file: string | undefined;
  readonly notRun: string | undefined;
  readonly saveAs: string | undefined;
  /** Whether it shows what the block before prints. */
  readonly isOutput: boolean;
}

export function documents(): readonly string[];
export function blocksOf(text: string): readonly Block[];
export function withoutCode(text: string): string;

export function continuedDocument(text: string): string | undefined;
