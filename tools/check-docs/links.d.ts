export function deadLinks(file: string, text: string): readonly string[];
export function namesOfNothing(file: string, text: string): readonly string[];
