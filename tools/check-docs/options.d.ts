export function undocumentedOptions(texts: {
  readonly readme: string;
  readonly report: string;
}): readonly string[];
export function flagFindings(texts: { readonly readme: string; readonly flags: string }): readonly string[];
