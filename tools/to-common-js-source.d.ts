export const ESM_ONLY: readonly string[];
export function toCommonJsSource(source: string): string;
