export function errorCodesWithoutHeading(texts: {
  readonly sources: readonly string[];
  readonly page: string;
}): readonly string[];
