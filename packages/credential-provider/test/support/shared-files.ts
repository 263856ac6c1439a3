import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Shared configuration files in a folder of their own, and the environment that a test sets. */
export interface SharedFiles {
  readonly folder: string;
  readonly configFilepath: string;
  readonly filepath: string;
  /** Writes `name` in the folder; resolves to its path. */
  write(name: string, text: string): string;
  setEnvironment(variables: Readonly<Record<string, string>>): void;
  /** Removes the folder and every variable that was set. */
  remove(): void;
}

/** Files whose paths no other test has used: the AWS SDK remembers files by their paths. */
export function createSharedFiles(config = ''): SharedFiles {
  const folder = mkdtempSync(join(tmpdir(), 'shared files '));
  const before = { ...process.env };
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const files = { configFilepath: write('config', config), filepath: join(folder, 'credentials') };
  const setEnvironment = (variables: Readonly<Record<string, string>>): void => {
    Object.assign(process.env, variables);
  };
  setEnvironment({ AWS_CONFIG_FILE: files.configFilepath, AWS_SHARED_CREDENTIALS_FILE: files.filepath });
  const remove = (): void => {
    rmSync(folder, { recursive: true });
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
  return { ...files, folder, write, setEnvironment, remove };
}
