/** What the demo prints: numbered steps, and what each step made. */

export function step(number: number, title: string): void {
  console.log(`\n${number}. ${title}`);
}

export function heading(title: string): void {
  console.log(`\n${title}`);
}

export function say(...lines: readonly string[]): void {
  for (const line of lines) console.log(`   ${line.replaceAll('\n', '\n   ')}`);
}
