import { inspect } from 'node:util';

/** Looks for secrets in whatever is told outside. */
export interface SecretScanner {
  /** @param name - what findings call it */
  add(name: string, secret: string | undefined): void;
  /** The names of the secrets that are in any of these, however deep. */
  findIn(...values: readonly unknown[]): readonly string[];
  /** How many secrets it knows. */
  readonly size: number;
}

/** A PEM text counts as each of its lines, and as what a program makes of it: one text without line ends. */
export function createSecretScanner(): SecretScanner {
  const secrets = new Map<string, string>();
  return {
    add: (name, secret) => {
      if (secret === undefined || secret === '') return;
      const lines = secret.split('\n').filter((line) => !line.startsWith('-----') && line.length >= 8);
      for (const part of [secret, lines.join('') || secret, ...lines]) secrets.set(part, name);
    },
    findIn: (...values) => {
      const text = values.map(textOf).join('\n');
      return [...new Set([...secrets].filter(([secret]) => text.includes(secret)).map(([, name]) => name))];
    },
    get size() {
      return secrets.size;
    },
  };
}

/** As a log would show it, and as a program would send it on. */
function textOf(value: unknown): string {
  const shown = inspect(value, { depth: 20, maxStringLength: null, maxArrayLength: null, showHidden: true });
  return `${shown}\n${JSON.stringify(value)}`;
}
