/** Everything a command may touch of the process it runs in. */
export interface Io {
  /** Writes text as it is: no newline is added. */
  stdout(text: string): void;
  /** Writes text as it is; for people, never for programs. */
  stderr(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program's own version, such as `1.2.3`. */
  readonly version: string;
}

/** A command: takes the arguments after its name, answers with the exit code. May throw; the caller prints the error. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;
